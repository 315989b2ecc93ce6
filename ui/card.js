/** A card for the music stand: the Wi-Fi and the way into one mix as codes to scan. What is typed here is kept nowhere. */
import { openApi } from "./desk/api.js"
import { wifiText } from "./desk/wifi.js"
import { make } from "./elements/element.js"
import { HANDED, qrOf } from "./views/people/code.js"

const api = openApi((...asked) => fetch(...asked))
const NO_INVITATION = "There is no invitation to print. Make one in the mixer, under People, and choose “Print a card” there."

function handed() {
	try {
		return JSON.parse(sessionStorage.getItem(HANDED))
	} catch {
		return null
	}
}

function build(invitation) {
	const back = make("a.back", { href: "/" }, "Back to the mixer")
	if (!invitation) return make("main", {}, make("form", {}, make("h1", {}, "Join card"), make("p", {}, NO_INVITATION), back))
	const wifi = make("figure", { hidden: true })
	return make("main", {}, formOf(wifi, back), cardOf(invitation, wifi))
}

function formOf(wifi, back) {
	const [name, password] = [box("Name of the Wi-Fi"), box("Its password")]
	const draw = () => drawWifi(wifi, name.value, password.value)
	for (const one of [name, password]) one.addEventListener("change", draw)
	const print = make("button", { press: () => printed(draw) }, "Print")
	const about = make("p", {}, "With the Wi-Fi on the card, a phone that is new here gets onto it by the first code. It is kept nowhere but on the paper.")
	const form = make("form", { autocomplete: "off" }, make("h1", {}, "Join card"), about, labelled("Name of the Wi-Fi", name), labelled("Its password", password), print, back)
	form.addEventListener("submit", (event) => event.preventDefault())
	return form
}

async function printed(draw) {
	await draw()
	print()
}

function box(word) {
	return make("input", { type: "text", maxlength: 63, autocomplete: "off", autocapitalize: "off", autocorrect: "off", spellcheck: "false", "aria-label": word })
}

function labelled(word, input) {
	return make("label", {}, word, input)
}

let drawn = ""

async function drawWifi(wifi, name, password) {
	const text = name ? wifiText(name, password) : ""
	if (text === drawn) return
	drawn = text
	const code = name && (await qrOf(api, text, `Code of the Wi-Fi ${name}`))
	if (text !== drawn) return
	wifi.hidden = !name
	wifi.replaceChildren(...(name ? [code, make("figcaption", {}, make("b", {}, "Wi-Fi"), name, password && make("span", {}, "password ", password))] : []))
	if (code) await code.decode?.()
}

function cardOf({ url, mix, role, once, ends }, wifi) {
	const join = make("figure", {}, make("figcaption", {}, make("b", {}, "Mixer"), "scan, say your name"))
	qrOf(api, url, "Code to join").then((code) => join.prepend(code))
	const until = new Date(ends).toLocaleString([], { weekday: "long", hour: "2-digit", minute: "2-digit" })
	const help = [
		"Get onto the Wi-Fi. No internet? Stay on it.",
		"Scan the mixer's code with the camera.",
		mix ? "Say your name: these faders are yours." : "Say your name, and you are in.",
	]
	return make(
		"section.card",
		{ "aria-label": "The card" },
		make("p", {}, mix ? "Your own mix" : `Join as ${role}`),
		make("h2", {}, mix || "The mixer"),
		make("p", {}, `${once ? "For one person" : "For everybody who has this card"}, until ${until}.`),
		make("div.codes", {}, wifi, join),
		make("ol", {}, ...help.map((line) => make("li", {}, line))),
		make("p.address", {}, "No camera? Open this, and ask the sound crew:", make("b", {}, new URL(url).origin)),
	)
}

document.body.replaceChildren(build(handed()))
