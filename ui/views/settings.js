/** How this device likes the page. */
import { make } from "../elements/element.js"
import { awakeState } from "./awake.js"
import { offer } from "./install.js"

const CHOICES = [
	["theme", "Light", [["auto", "Auto"], ["dark", "Dark"], ["light", "Light"]]],
	["text", "Text", [[100, "100 %"], [125, "125 %"], [150, "150 %"], [200, "200 %"]]],
	["palette", "Meters", [["classic", "Green to red"], ["clear", "Blue to amber"]]],
	["hand", "Hand", [["right", "Right"], ["left", "Left"]]],
	["awake", "Screen", [[true, "Stay awake"], [false, "May sleep"]]],
]
const AWAKE_WORDS = {
	on: "This screen stays awake while the page is open.",
	off: "This screen may sleep.",
	refused: "The browser refused to keep the screen awake (low battery?).",
	insecure: "This screen may sleep: only https keeps it awake. Set the device's display to stay on, or ",
}

export function settingsView({ prefs }, panel, until) {
	const fields = CHOICES.map(([key, title, options]) => field(prefs[key], title, options, until))
	const words = make("p.quiet")
	until(awakeState.watch((state) => words.replaceChildren(AWAKE_WORDS[state], state === "insecure" ? wayToHttps() : "")))
	const install = make("button.wide", { press: () => offer.value.prompt() }, "Install as an app")
	until(offer.watch((standing) => (install.hidden = standing === null)))
	return { title: "Settings", body: [...fields, words, install] }
}

function wayToHttps() {
	return make("a", { href: "/tls" }, "have https here.")
}

function field(pref, title, options, until) {
	const buttons = options.map(([value, word]) => make("button", { press: () => pref.set(value) }, word))
	until(pref.watch((now) => buttons.forEach((button, index) => button.setAttribute("aria-pressed", options[index][0] === now))))
	return make("fieldset", {}, make("legend", {}, title), make("div.segments", {}, ...buttons))
}
