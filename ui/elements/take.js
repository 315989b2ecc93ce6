/** "FOH tablet has this · take over", beside the control a second hand has touched. */
import { make } from "./element.js"

const STAY_MS = 4000

export function offerTake(slider, { name, color }, take) {
	const place = slider.closest("rm-strip, rm-line, .send, .field") ?? slider
	place.querySelector(".take")?.remove()
	const press = () => {
		offer.remove()
		take()
	}
	const leftwards = slider.getBoundingClientRect().left > innerWidth / 2
	const words = make("span", {}, make("b", {}, name), " is using this")
	const offer = make("div.take", { role: "alert", "data-color": color, "data-leftwards": leftwards }, words, make("button", { press }, "Take over"))
	setTimeout(() => offer.remove(), STAY_MS)
	place.append(offer)
}
