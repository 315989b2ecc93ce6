/** The PIN for all of the crew to see; the host can have a new one. */
import { make } from "../../elements/element.js"
import { twice } from "../ask.js"
import { well } from "./common.js"

const ABOUT = "Whoever types it comes in as an engineer. For a musician, an invitation is the better way."
const HIDDEN = "The PIN is at work but cannot be shown: its file is gone. A new one can be shown again."
const SURE = "Whoever has not joined yet needs the new one. Everybody inside stays."

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
