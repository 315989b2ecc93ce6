/** A card for the music stand: the Wi-Fi and the way into one mix as codes to scan. What is typed here is kept nowhere. */
import { openApi } from "./desk/api.js"
import { wifiText } from "./desk/wifi.js"
import { make } from "./elements/element.js"
import { HANDED, qrOf } from "./views/people/code.js"

const api = openApi((...asked) => fetch(...asked))
const NO_INVITATION = "No invitation to print. In the mixer, open People, make an invitation and choose “Print card”."

function handed() {
	try {
		return JSON.parse(sessionStorage.getItem(HANDED))
	} catch {
		return null
	}
}

function build(invitation) {
	const back = make("a.back", { href: "/" }, "Back to mixer")
	if (!invitation) return make("main", {}, make("form", {}, make("h1", {}, "Join card"), make("p", {}, NO_INVITATION), back))
	const wifi = make("figure", { hidden: true })
	return make("main", {}, formOf(wifi, back), cardOf(invitation, wifi))
}

function formOf(wifi, back) {
	const [name, password] = [box("Wi-Fi name"), box("Wi-Fi password")]
	const draw = () => drawWifi(wifi, name.value, password.value)
	for (const one of [name, password]) one.addEventListener("change", draw)
	const print = make("button", { press: () => printed(draw) }, "Print")
	const about = make("p", {}, "Add the Wi-Fi, and the first code connects a new phone to it. The password appears on the paper only; it is not saved.")
	const form = make("form", { autocomplete: "off" }, make("h1", {}, "Join card"), about, labelled("Wi-Fi name", name), labelled("Wi-Fi password", password), print, back)
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
	const code = name && (await qrOf(api, text, `QR code for the Wi-Fi ${name}`))
	if (text !== drawn) return
	wifi.hidden = !name
	wifi.replaceChildren(...(name ? [code, make("figcaption", {}, make("b", {}, "Wi-Fi"), name, password && make("span", {}, "password ", password))] : []))
	if (code) await code.decode?.()
}

function cardOf({ url, mix, role, once, ends }, wifi) {
	const join = make("figure", {}, make("figcaption", {}, make("b", {}, "Mixer"), "scan, enter your name"))
	qrOf(api, url, "QR code to join").then((code) => join.prepend(code))
	const until = new Date(ends).toLocaleString([], { weekday: "long", hour: "2-digit", minute: "2-digit" })
	const help = [
		"Join the Wi-Fi. Stay on it even without internet.",
		"Scan the mixer code with your camera.",
		mix ? "Enter your name. These faders are yours." : "Enter your name, and you are in.",
	]
	return make(
		"section.card",
		{ "aria-label": "Card" },
		make("p", {}, mix ? "Your own mix" : `Join as ${role}`),
		make("h2", {}, mix || "Mixer"),
		make("p", {}, `${once ? "For one person" : "For everyone with this card"}, valid until ${until}.`),
		make("div.codes", {}, wifi, join),
		make("ol", {}, ...help.map((line) => make("li", {}, line))),
		make("p.address", {}, "No camera? Open this address and ask the sound crew:", make("b", {}, new URL(url).origin)),
	)
}

document.body.replaceChildren(build(handed()))
