/** The history: who moved what, the newest first. A tap puts one move back; a long press shows all since then first. */
import { initialsOf } from "../../desk/people.js"
import { moveText, stripOf } from "../../desk/history.js"
import { MoveList } from "../../desk/moves.js"
import { stepsIn } from "../../desk/steps.js"
import { make, mark } from "../../elements/element.js"
import { icon } from "../../elements/icon.js"
import { face } from "../../elements/rm-faces.js"
import { selectOf } from "../people/common.js"
import { among, counted } from "../words.js"

const LONG_PRESS_MS = 500
/** `[seconds, word]`; the server counts them back from its own clock. */
const TIMES = [["", "Any time"], ["600", "Last 10 minutes"], ["3600", "Last hour"], ["today", "Today"]]

export function historyView(page, panel, until) {
	const moves = new MoveList(page)
	const wanted = { by: "", path: "", last: "" }
	const choose = () => moves.choose(choiceOf(wanted))
	const filters = make("div.pair.move-filters")
	let offered = ""
	until(moves.moves.watch((found) => {
		const choices = choicesIn(page, found ?? [])
		if (offered !== JSON.stringify(choices)) filters.replaceChildren(...filterKeys(choices, wanted, choose))
		offered = JSON.stringify(choices)
	}))
	choose()
	return { title: "History", body: [buildSteps(page.history, moves, until), filters, ...listOf(page, moves, until)] }
}

/** The moves of one strip, for its channel view. */
export function stripMoves(page, { path }, until) {
	const moves = new MoveList(page)
	moves.choose({ path })
	return listOf(page, moves, until)
}

/** The list itself, with what stands below it; until the panel is shut. */
function listOf(page, moves, until) {
	const list = make("ol.moves")
	const since = make("div.since", { hidden: true })
	const older = make("button.wide", { press: () => moves.older() }, "Older moves")
	until(moves.moves.watch((found) => {
		list.replaceChildren(...[...(found ?? [])].reverse().map((move) => row(page, move, (chosen) => showSince(page, since, list, chosen))))
		mark(list, "data-empty", found?.length === 0 ? (moves.isWhole ? "all" : "chosen") : null)
	}))
	until(moves.hasOlder.watch((more) => (older.hidden = !more)))
	until(() => moves.close())
	return [list, older, since]
}

/** What is asked of the server: `today` is as long as this device's day is old. */
function choiceOf({ by, path, last }) {
	const now = new Date()
	const seconds = last === "today" ? Math.ceil((now - new Date(now).setHours(0, 0, 0, 0)) / 1000) : Number(last)
	return { ...(by && { by }), ...(path && { path }), ...(last && { last: seconds }) }
}

/** Everybody, every console and every strip that is here or in the moves shown, as `[value, word]`. */
function choicesIn(page, moves) {
	const { people, consoles } = page
	const names = [...people.list.value.map(({ name }) => name), ...moves.map(({ by }) => by.name)]
	const several = consoles.list.value.length > 1 ? consoles.list.value.map(({ name, title }) => [name, `All of ${title}`]) : []
	const strips = new Set([...consoles.strips.map(({ path }) => path), ...moves.flatMap(({ values }) => Object.keys(values).map(stripOf))])
	return [[["", "Everybody"], ...[...new Set(names)].sort().map((name) => [name, name])], [["", "All strips"], ...several, ...[...strips].map((path) => [path, among(page, path)])]]
}

function filterKeys([people, strips], wanted, choose) {
	const key = (label, choices, name) => selectOf(label, choices, wanted[name], (value) => [(wanted[name] = value), choose()])
	return [key("Who", people, "by"), key("Where", strips, "path"), key("When", TIMES, "last")]
}

/** Undo and redo of this page's own moves; out of use while there is nothing to take back, as far as the list tells. */
function buildSteps(history, moves, until) {
	const undo = make("button.wide", { press: () => history.undo() }, "Undo")
	const redo = make("button.wide", { press: () => history.redo() }, "Redo")
	until(moves.moves.watch((found) => {
		const steps = stepsIn(found ?? [])
		undo.disabled = moves.isWhole && !steps.undo
		redo.disabled = moves.isWhole && !steps.redo
	}))
	return make("div.steps", {}, undo, redo)
}

function row(page, move, show) {
	const { people } = page
	const client = people.list.value.find((one) => [one.person, one.client].includes(move.by.id))
	const who = client ?? { initials: initialsOf(move.by.name), color: "grey" }
	const [title, words] = [make("b", {}, moveText(page, move)), make("small", {}, about(move))]
	const back = make("button.tool", { "aria-label": `Put back: ${moveText(page, move)}`, press: () => putBack(page, move, words, back) }, icon("undo"))
	const item = make("li", { "data-id": move.id, "data-undone": move.undone, "data-kind": move.by.kind }, face(who), title, words, back)
	onLongPress(item, () => show(move))
	return item
}

function about({ by, at, cause, mine, undone }) {
	const how = { undo: "undo", redo: "redo", recall: "recall", paste: "paste" }[cause]
	return [mine ? `${by.name} (you)` : by.kind === "console" ? `${by.name}, the console itself` : by.name, how, hour(at), undone && "put back"].filter(Boolean).join(" · ")
}

/** A second press puts back anyway what somebody has moved since. */
async function putBack({ history }, move, words, key) {
	const answer = await history.undo({ move: move.id, force: key.hasAttribute("data-refused") })
	if (answer?.code !== "changed") return
	words.textContent = `${answer.text} Tap again to put it back anyway.`
	mark(key, "data-refused", true)
}

/** Says what would change if all since a move were put back, and marks those moves; nothing moves before the key. */
async function showSince({ history }, foot, list, move) {
	const answer = await history.undo({ since: move.id, preview: true })
	if (answer?.type !== "preview") return
	const close = () => {
		foot.hidden = true
		for (const item of list.children) mark(item, "data-since", null)
	}
	const put = make("button.wide", { press: () => history.undo({ since: move.id }).then(close) }, "Put back")
	const count = Object.keys(answer.values).length
	const words = make("p", {}, make("b", {}, `Put back everything since ${hour(move.at)}?`), ` ${counted(count, "control")} will move.`)
	foot.replaceChildren(words, put, make("button.wide", { press: close }, "Keep"))
	foot.hidden = false
	for (const item of list.children) mark(item, "data-since", Number(item.dataset.id) >= move.id)
}

function onLongPress(element, act) {
	let timer = null
	const stop = () => clearTimeout(timer)
	element.addEventListener("pointerdown", () => (timer = setTimeout(act, LONG_PRESS_MS)))
	for (const type of ["pointerup", "pointercancel", "pointerleave"]) element.addEventListener(type, stop)
	element.addEventListener("contextmenu", (event) => event.preventDefault())
}

function hour(at) {
	const date = new Date(at)
	const day = date.toDateString() === new Date().toDateString() ? {} : { day: "numeric", month: "short" }
	return date.toLocaleString([], { ...day, hour: "2-digit", minute: "2-digit", second: "2-digit" })
}
