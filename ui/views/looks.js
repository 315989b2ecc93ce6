/** Theme, text size and hand as this device likes them, worn by the root element. */
const BIG_PERCENT = 150

export function wearLooks({ prefs, link }, root = document.documentElement) {
	const light = matchMedia("(prefers-color-scheme: light)")
	const theme = () => {
		const worn = prefs.theme.value === "auto" ? (light.matches ? "light" : "dark") : prefs.theme.value
		root.dataset.theme = worn
		document.querySelector("meta[name=theme-color]").content = worn === "light" ? "#f3f3f1" : "#0b0b0c"
	}
	prefs.theme.watch(theme)
	light.addEventListener("change", theme)
	prefs.hand.watch((hand) => (root.dataset.hand = hand))
	prefs.text.watch((percent) => {
		root.style.setProperty("--text-scale", percent / 100)
		root.toggleAttribute("data-big", percent >= BIG_PERCENT)
	})
	link.status.watch(({ state }) => {
		if (root.dataset.wire !== state) root.dataset.wire = state
	})
}
