/** The history: who moved what, the newest first. A tap puts one move back; a long press shows all since then first. */
import { initialsOf } from "../../desk/people.js"
import { moveText, stripOf } from "../../desk/history.js"
import { stepsIn } from "../../desk/steps.js"
import { make, mark } from "../../elements/element.js"
import { icon } from "../../elements/icon.js"
import { face } from "../../elements/rm-faces.js"
import { selectOf } from "../people/common.js"

const LONG_PRESS_MS = 500
const FULL_PAGE = 50

export function historyView(page, panel, until) {
	const { history } = page
	const list = make("ol.moves", { id: "history" })
	const since = make("div.since", { hidden: true })
	const older = make("button.wide", { hidden: true, press: () => more(history.older()) }, "Older moves")
	const more = async (fetched) => (older.hidden = (await fetched) < FULL_PAGE)
	const show = (chosen) => showSince(page, since, list, chosen)
	const wanted = { who: "", where: "" }
	const draw = () => {
		const moves = (history.moves.value ?? []).filter((move) => isWanted(move, wanted))
		list.replaceChildren(...moves.reverse().map((move) => row(page, move, show)))
		mark(list, "data-empty", history.moves.value !== null && moves.length === 0)
	}
	const filters = make("div.pair.move-filters")
	let offered = ""
	until(history.moves.watch((moves) => {
		const choices = choicesIn(page, moves ?? [])
		if (offered !== JSON.stringify(choices)) filters.replaceChildren(...filterKeys(choices, wanted, draw))
		offered = JSON.stringify(choices)
		draw()
	}))
	until(() => history.shut())
	history.open().then(() => (older.hidden = (history.moves.value?.length ?? 0) < FULL_PAGE))
	return { title: "History", body: [buildSteps(history, until), filters, list, older, since] }
}

function isWanted({ by, values }, { who, where }) {
	return (!who || by.name === who) && (!where || Object.keys(values).some((path) => stripOf(path) === where))
}

/** Everybody and every strip that the moves shown have, as `[value, word]`. */
function choicesIn(page, moves) {
	const names = [...new Set(moves.map(({ by }) => by.name))].sort()
	const strips = [...new Set(moves.flatMap(({ values }) => Object.keys(values).map(stripOf)))]
	return [[["", "Everybody"], ...names.map((name) => [name, name])], [["", "All strips"], ...strips.map((path) => [path, placeName(page, path)])]]
}

/** "Kick", with several consoles "foh · Kick". */
function placeName(page, path) {
	const several = page.consoles.list.value.length > 1
	return [several && path.split("/")[0], page.nameOf(path)].filter(Boolean).join(" · ")
}

function filterKeys([people, strips], wanted, draw) {
	const key = (label, choices, name) => {
		if (!choices.some(([value]) => value === wanted[name])) wanted[name] = ""
		return selectOf(label, choices, wanted[name], (value) => [(wanted[name] = value), draw()])
	}
	return [key("Who", people, "who"), key("Where", strips, "where")]
}

/** Undo and redo of this page's own moves; out of use while there is nothing to take back, as far as the list tells. */
function buildSteps(history, until) {
	const undo = make("button.wide", { press: () => history.undo() }, "Undo")
	const redo = make("button.wide", { press: () => history.redo() }, "Redo")
	until(history.moves.watch((moves) => {
		const steps = stepsIn(moves ?? [])
		const whole = (moves?.length ?? 0) < FULL_PAGE
		undo.disabled = whole && !steps.undo
		redo.disabled = whole && !steps.redo
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
	const words = make("p", {}, make("b", {}, `Put back everything since ${hour(move.at)}?`), ` ${count} ${count === 1 ? "control" : "controls"} will move.`)
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
