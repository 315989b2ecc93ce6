/** A code to scan, of any words; they travel in a body, so that no log and no history keeps them. */
import { make } from "../../elements/element.js"

export async function qrOf(api, text, label) {
	const { ok, data } = await api("POST", "qr", { text })
	return ok ? make("img.qr", { src: `data:image/svg+xml,${encodeURIComponent(data)}`, alt: label }) : make("p.quiet", {}, "The code could not be drawn: type the address.")
}
