/** Who would come in, for the host: devices that wait, and addresses that guess PINs. */
import { make, mark } from "../../elements/element.js"
import { Polled, well } from "./common.js"
import { counted } from "../words.js"

const MINUTE_S = 60

export function arrivals(page, until) {
	const known = new Polled(page, "arrivals", until)
	const [waiting, guesses] = [make("ul.people.open"), make("ul.people.open")]
	const blockAll = make("button.wide", { press: () => decide(page, known, known.value.guesses.filter(isFree).map(({ address }) => block(address, true))) })
	const asking = make("div.field", { hidden: true }, make("h3", {}, "Would like in"), waiting)
	const guessing = make("div.field", { hidden: true }, make("h3", {}, "Wrong PINs"), guesses, blockAll)
	const draw = (answer) => {
		const free = answer.guesses.filter(isFree).length
		asking.hidden = answer.waiting.length === 0
		guessing.hidden = answer.guesses.length === 0
		blockAll.hidden = free < 2
		blockAll.textContent = `Block all ${free}`
		redraw(waiting, answer.waiting, (one) => waitingRow(page, known, one, answer.guesses))
		redraw(guesses, answer.guesses, (one) => guessRow(page, known, one))
	}
	until(known.watch((answer) => answer && draw(answer)))
	return make("div", {}, asking, guessing)
}

const isFree = ({ blocked }) => blocked === 0
const block = (address, blocked) => ["guesses", { address, blocked }]

/** A key under a finger stays: drawn anew only when something but the time is another. */
function redraw(list, items, row) {
	const drawn = JSON.stringify(items.map(({ ago, blocked, ...rest }) => [rest, blocked > 0]))
	if (list.dataset.drawn !== drawn) list.replaceChildren(...items.map(row))
	mark(list, "data-drawn", drawn)
}

async function decide(page, known, decisions) {
	for (const [path, body] of decisions) well(page, await page.api("PUT", path, body))
	known.again()
}

function waitingRow(page, known, { id, name, number, address }, guesses) {
	const wrong = guesses.find((one) => one.address === address)?.wrong ?? 0
	const answer = (admit) => () => decide(page, known, [[`waiting/${id}`, { admit }]])
	const words = [`number ${number}`, address, wrong > 0 && tries(wrong)].filter(Boolean).join(" · ")
	return make("li", {}, make("span", {}, make("b", {}, name), make("small", {}, words)), make("button.small", { press: answer(true), "aria-label": `Let in: ${name}` }, "Let in"), make("button.small", { press: answer(false), "aria-label": `Decline: ${name}` }, "Decline"))
}

function guessRow(page, known, { address, wrong, blocked }) {
	const words = [wrong > 0 && tries(wrong), blocked > 0 && `blocked for ${Math.ceil(blocked / MINUTE_S)} min`].filter(Boolean).join(" · ")
	const word = blocked > 0 ? "Let try" : "Block"
	const press = () => decide(page, known, [block(address, blocked === 0)])
	return make("li", {}, make("span", {}, make("b", {}, address), make("small", {}, words)), make("button.small", { press, "aria-label": `${word}: ${address}` }, word))
}

function tries(wrong) {
	return counted(wrong, "wrong PIN")
}
