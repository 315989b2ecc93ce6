/** What the mixer gives up where height is short, so that each fader keeps its travel. Names, MUTE and the travel never go. */
import { mark } from "../elements/element.js"

/** In this order; each is a word of `data-spared`, which the style sheets read. */
const SPARED = ["panic", "band", "rec", "pan", "number", "rail", "value", "cap40", "cap30", "input"]
const LEAST_TRAVEL_PX = 120

/** Call when the bank is filled or anything has another height; it reads the layout, at most six times. */
export function keepTravel(stage, body = document.body) {
	const run = stage.querySelector(".bay rm-fader > .run")
	if (!run) return
	const suffices = (count) => {
		mark(body, "data-spared", SPARED.slice(0, count).join(" ") || null)
		return run.clientHeight >= LEAST_TRAVEL_PX
	}
	if (suffices(0)) return
	let [short, enough] = [0, SPARED.length]
	while (enough - short > 1) {
		const middle = (short + enough) >> 1
		if (suffices(middle)) enough = middle
		else short = middle
	}
	suffices(enough)
}
