/** What fingers do on a fader, shown by small pictures that move (styles/help.css), and said. */
import { make } from "../elements/element.js"

/** The four that a first touch is told of, then the others: `[picture, title, words]`. */
export const FIRST = [
	["drag", "Drag anywhere on a strip", "The cap goes along. It never jumps to your finger."],
	["double", "Double tap", "It glides to 0 dB. Touch it, and it stops."],
	["second", "Rest a second finger", "Ten times finer for as long as it rests."],
	["number", "Tap the number", "Type −12, +3 or off."],
]
export const OTHERS = [
	["swipe", "Swipe sideways", "The strips scroll, and no fader moves."],
	["two", "Tap with two fingers", "Beside all keys: takes back your last move."],
	["pull", "Pull the top row down", "Opens the search."],
]

export function gesture([picture, title, words]) {
	const moving = make("span.moving", { "aria-hidden": "true" }, make("i.slot"), make("i.knob"), make("i.tip"), make("i.tip.other"), make("em"))
	return make("li.gesture", { "data-picture": picture }, moving, make("b", {}, title), make("p", {}, words))
}
