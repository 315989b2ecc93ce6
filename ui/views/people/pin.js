/** The PIN for all of the crew to see; the host can have a new one. */
import { make } from "../../elements/element.js"
import { twice } from "../ask.js"
import { well } from "./common.js"

const ABOUT = "Whoever enters it joins as an engineer. For musicians, use an invitation."
const HIDDEN = "The PIN works but cannot be shown: its file is missing. Create a new PIN to show it."
const SURE = "The old PIN stops working. Everyone who has joined stays."

export function pinBlock(page) {
	const [digits, words] = [make("output.digits", { "aria-label": "PIN" }), make("p.quiet")]
	const show = (pin) => {
		digits.textContent = pin ? `${pin.slice(0, 3)} ${pin.slice(3)}` : "hidden"
		words.textContent = pin ? ABOUT : HIDDEN
	}
	const ask = async (method, body) => {
		const answer = await page.api(method, "pin", body)
		if (well(page, answer)) show(answer.data.pin)
	}
	ask("GET")
	return make("div.field.pin-block", {}, "PIN", digits, words, page.people.isHost && twice("New PIN", SURE, () => ask("POST", {})))
}
