/** Settings of this device: theme, text size, meters, side, screen. */
import { make } from "../elements/element.js"
import { awakeState } from "./awake.js"
import { offer } from "./install.js"

const CHOICES = [
	["theme", "Theme", [["auto", "Auto"], ["dark", "Dark"], ["light", "Light"]]],
	["text", "Text size", [[100, "100 %"], [125, "125 %"], [150, "150 %"], [200, "200 %"]]],
	["density", "Strips in sight, on a large screen", [[0, "Auto"], [8, "8"], [16, "16"], [24, "24"]]],
	["palette", "Meters", [["classic", "Green to red"], ["clear", "Blue to amber"]]],
	["hand", "Main fader side", [["right", "Right"], ["left", "Left"]]],
	["awake", "Keep screen awake", [[true, "On"], [false, "Off"]]],
]
const AWAKE_WORDS = {
	on: "The screen stays on while this page is open.",
	off: "The screen may turn off.",
	refused: "The browser cannot keep the screen on (low battery?).",
	insecure: "The screen may turn off: keeping it on needs https. Change the display setting of this device, or ",
}

export function settingsView({ prefs }, panel, until) {
	const fields = CHOICES.map(([key, title, options]) => field(prefs[key], title, options, until))
	const words = make("p.quiet")
	until(awakeState.watch((state) => words.replaceChildren(AWAKE_WORDS[state], state === "insecure" ? wayToHttps() : "")))
	const install = make("button.wide", { press: () => offer.value.prompt() }, "Install app")
	until(offer.watch((standing) => (install.hidden = standing === null)))
	return { title: "Settings", body: [...fields, words, install] }
}

function wayToHttps() {
	return make("a", { href: "/tls" }, "set up https.")
}

function field(pref, title, options, until) {
	const buttons = options.map(([value, word]) => make("button", { press: () => pref.set(value) }, word))
	until(pref.watch((now) => buttons.forEach((button, index) => button.setAttribute("aria-pressed", options[index][0] === now))))
	return make("fieldset", {}, make("legend", {}, title), make("div.segments", {}, ...buttons))
}
