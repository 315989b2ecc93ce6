/** The code of an invitation just made. Its address is known to this page alone, and only as long as it stands here. */
import { Signal } from "../../desk/signal.js"
import { make } from "../../elements/element.js"
import { roleWords, segments } from "./common.js"

/** Key in this tab's storage under which the card's page finds the invitation; an address would be logged. */
export const HANDED = "remote-mixer.card"
const CARD = "card.html"

/** The elements that show it: for each network of the mixer another code, one at a time. */
export function invitationCode(page, made) {
	const words = roleWords(page, made)
	const ways = made.urls.map(({ interface: network, url }) => [greeted(page, made, url), network || new URL(url).hostname])
	const codes = make("div.codes")
	const chosen = new Signal(null)
	const choose = async (url) => {
		chosen.set(url)
		const code = await qrOf(page.api, url, `QR code invitation: ${words}`)
		if (url === chosen.value) codes.replaceChildren(code)
	}
	const networks = segments("Phone's network", ways, chosen, choose)
	networks.hidden = ways.length < 2
	if (ways.length) choose(ways[0][0])
	const print = make("button.wide", { press: () => openCard({ url: chosen.value, mix: made.mix && page.nameOf(made.mix), role: made.role, once: made.kind === "once", ends: made.ends }), hidden: !ways.length }, "Print card")
	return [make("h1", {}, words), make("p.quiet", {}, ways.length ? aboutCode(made) : "The mixer is not on a network that phones can use."), codes, networks, print]
}

/** The name of the mix travels along for the greeting: the server tells nothing to a phone that has not joined. */
function greeted(page, { mix }, url) {
	return mix ? `${url}&to=${encodeURIComponent(page.nameOf(mix))}` : url
}

function aboutCode({ kind, ends }) {
	const hour = new Date(ends).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })
	return kind === "once" ? `Scan with the phone's camera. Valid for one person until ${hour}.` : `Scan with the phone's camera. Valid for everyone until ${hour}.`
}

/** A QR code of any text; the text travels in a body, so that no log and no history keeps it. */
export async function qrOf(api, text, label) {
	const { ok, data } = await api("POST", "qr", { text })
	return ok ? make("img.qr", { src: `data:image/svg+xml,${encodeURIComponent(data)}`, alt: label }) : make("p.quiet", {}, "No QR code: type the address instead.")
}

/** `{url, mix, role, once, ends}`, url with its secret. The new tab gets a copy of this tab's storage, and here it is let go. */
export function openCard(invitation) {
	sessionStorage.setItem(HANDED, JSON.stringify(invitation))
	// The program's own window has no tabs.
	if (!window.pywebview && open(CARD)) return sessionStorage.removeItem(HANDED)
	location.assign(CARD)
}
