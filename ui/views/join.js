/** Joining with another device: a QR code for each network, likeliest first, and the address as text. */
import { make } from "../elements/element.js"
import { icon } from "../elements/icon.js"
import { pinBlock } from "./people/pin.js"

export function joinView(page, panel, until) {
	const codes = make("div.codes")
	until(page.addresses.watch((addresses) => codes.replaceChildren(...(addresses.length ? addresses.map(code) : [alone()]))))
	const typed = make("p")
	until(page.localName.watch((name) => typed.replaceChildren(...(name ? inWords(name, page.addresses.value) : []))))
	const words = make("p.quiet", {}, "Scan with a phone on the same network. No app, no account.")
	return { title: "Join", body: [words, page.people.isCrew && invite(page, panel), codes, typed, page.people.isCrew && pinBlock(page)].filter(Boolean) }
}

/** For a musician the shorter way: their own code needs no PIN. */
function invite({ view }, panel) {
	const press = () => view.panel.set({ name: "invite", from: panel })
	return make("div.rows", {}, make("button.row", { press }, icon("people"), make("b", {}, "Invite a musician"), make("small", {}, "no PIN needed")))
}

function code({ interface: network, url }) {
	const image = make("img", { src: `/api/v1/join.svg?url=${encodeURIComponent(url)}`, alt: `QR code for ${url}`, width: 200, height: 200 })
	image.addEventListener("error", () => image.remove())
	return make("figure", {}, image, make("figcaption", {}, make("b", {}, url), make("small", {}, network ?? "")))
}

/** The name stands for every address; a phone that does not know such names takes the digits. */
function inWords(name, [first]) {
	const url = new URL(first?.url ?? location.href)
	url.hostname = name
	return ["Or open ", make("b", {}, url.href), " (works on most devices)."]
}

function alone() {
	return make("p", {}, "The mixer is not on a network. This page is at ", make("b", {}, location.host), ".")
}
