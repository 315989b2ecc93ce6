/** Control surfaces in words: what a control of one moves, of which kind it is, and what keys can be asked to do. */

export const KINDS = {
	"pick-up": "fader or knob",
	signed: "endless knob: 1, 127",
	offset: "endless knob: 65, 63",
	magnitude: "endless knob: 1, 65",
	toggle: "key: on, off",
	momentary: "key: while it is held",
	tap: "tap tempo",
}
/** What the controls of a place in the bank are called; main has no place. */
export const PLACES = { fader: "Fader", mute: "Mute", solo: "Solo", select: "Select", rec: "Record", knob: "Knob", main: "Main fader" }
const ORDERS = {
	go: "GO: next scene",
	back: "Back from the last scene",
	pause: "Pause the fade",
	on: "Go on with the fade",
	finish: "Finish the fade",
	undo: "Undo",
	redo: "Redo",
	scene: "Recall scene",
	bank: "Bank",
	channel: "Scroll",
	layer: "Layer",
	mix: "Choose mix",
	next_mix: "Next mix",
	flip: "Sends on faders",
	knobs: "Knobs are",
	transport: "Transport:",
}
const MOVABLE = ["position", "toggle", "choice"]

/** Orders to choose from, [order, words]; one that wants a number of a person's own ends in a space: "scene ". */
export function orderOptions(orders) {
	return orders.flatMap(({ word, takes, example }) => {
		if (takes.length) return takes.map((name) => [join(word, name), orderWords(join(word, name))])
		if (/[+-]/.test(example)) return ["+1", "-1"].map((step) => [join(word, step), orderWords(join(word, step))])
		return [[`${word} `, `${ORDERS[word] ?? word}…`]]
	})
}

function join(word, about) {
	return about ? `${word} ${about}` : word
}

/** "Recall scene 3", "Bank ▸", "Transport: play". */
export function orderWords(order) {
	const [word, about = ""] = order.split(" ")
	return [ORDERS[word] ?? word, { "+1": "▸", "-1": "◂" }[about] ?? about].filter(Boolean).join(" ")
}

/** What a control moves; `nameOf(path)` names a param as "Kick · Level". */
export function targetWords({ path, strip, what, do: order }, nameOf) {
	if (order === "tap") return `Tap tempo of ${nameOf(path)}`
	if (order) return orderWords(order)
	if (path) return nameOf(path)
	return what === "main" ? PLACES.main : `${PLACES[what] ?? what} of place ${strip}`
}

/** Locals of a strip that a control can move, most used first. */
export function movable(strip, param) {
	const first = ["fader", "mute", "pan", "solo", "gain"]
	const place = (local) => (first.indexOf(local) + 1 || first.length + 1)
	const can = Object.keys(strip.params).filter((local) => MOVABLE.includes(param(`${strip.path}/${local}`)?.kind) && !param(`${strip.path}/${local}`).read_only)
	return can.sort((one, other) => place(one) - place(other))
}
