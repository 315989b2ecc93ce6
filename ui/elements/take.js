/** "FOH tablet has this · take over", beside the control a second hand has touched. */
import { make } from "./element.js"
import { onPress } from "./fingers.js"

const STAY_MS = 4000

export function offerTake(slider, { name, color }, take) {
	slider.querySelector(".take")?.remove()
	const button = make("button", {}, "Take over")
	const offer = make("div.take", { role: "alert", "data-color": color }, make("span", {}, make("b", {}, name), " has this"), button)
	const leave = setTimeout(() => offer.remove(), STAY_MS)
	onPress(button, (event) => {
		event.stopPropagation()
		clearTimeout(leave)
		offer.remove()
		take()
	})
	slider.append(offer)
}
