/** The way from a request to the fader that it is about. */

/** Opens the request's mix, with its fader in sight; the fader itself says who asks for what. */
export function openAsk({ view }, { mix, path }) {
	view.panel.set(null)
	view.showMix(mix)
	requestAnimationFrame(() => document.querySelector(`rm-strip rm-fader[data-path="${CSS.escape(path)}"]`)?.scrollIntoView({ block: "nearest", inline: "center" }))
}
