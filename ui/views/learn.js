/** Learn: what a control of a surface is to move, chosen by name, by a tap on the mixer, as a place in the bank or as an action. */
import { consoleOf, localOf } from "../desk/consoles.js"
import { Signal } from "../desk/signal.js"
import { PLACES, movable, orderOptions, targetWords } from "../desk/surfaces.js"
import { make } from "../elements/element.js"
import { wordOf } from "./bindings.js"
import { spokenLocal } from "./details/table.js"
import { segments, selectOf } from "./people/common.js"
import { pickControl } from "./pick.js"
import { among } from "./words.js"

const LEARN = "Choose what is to move, press Learn, then move the fader, knob or key. Turn an endless knob to the right."
const MOVE = "Move the fader, knob or key now…"
const KINDS_OF_TARGET = [["control", "Control"], ["place", "Place"], ["order", "Action"]]

export function learn(page, panel, name, orders, asked) {
	const path = `surfaces/${encodeURIComponent(name)}/learn`
	const kind = new Signal("control")
	const target = make("div.aim")
	let wanted = null
	const parts = { control: () => controlOf(page, panel, (now) => (wanted = now)), place: () => placeOf((now) => (wanted = now)), order: () => orderOf(orders, (now) => (wanted = now)) }
	kind.watch((now) => target.replaceChildren(...parts[now]()))
	const words = make("p.learning", { role: "status" })
	const [begin, cancel] = [make("button.wide.begin", { press: () => begun() }, "Learn"), make("button.wide", { press: () => page.api("DELETE", path), hidden: true }, "Cancel")]
	const show = (learning, text) => {
		begin.hidden = learning
		cancel.hidden = !learning
		words.textContent = text
		words.toggleAttribute("data-waiting", learning)
	}
	const begun = async () => {
		show(true, MOVE)
		const { ok, data, text } = await page.api("POST", path, wanted)
		show(false, ok ? `${data.message} → ${targetWords(data, (path) => nameOf(page, path))}` : text)
		if (ok) asked.again()
	}
	return make("div.field.learn", {}, make("p.quiet", {}, LEARN), segments("What is to move", KINDS_OF_TARGET, kind), target, begin, cancel, words)
}

function controlOf(page, panel, choose) {
	const { consoles, view } = page
	const strips = consoles.strips.filter((strip) => movable(strip, (path) => consoles.param(path)).length)
	const at = strips.find(({ path }) => panel.path?.startsWith(`${path}/`)) ?? strips[0]
	const params = make("div")
	const withParams = (strip, local) => {
		const locals = movable(strip, (path) => consoles.param(path))
		const first = locals.includes(local) ? local : locals[0]
		choose({ path: `${strip.path}/${first}` })
		params.replaceChildren(selectOf("Control", locals.map((one) => [one, localWords(page, strip, one)]), first, (one) => choose({ path: `${strip.path}/${one}` })))
	}
	if (!at) return [make("p.quiet", {}, "There is no strip.")]
	withParams(at, panel.path?.slice(at.path.length + 1))
	const options = strips.map(({ path }) => [path, among(page, path)])
	const back = (path) => view.panel.set({ ...panel, path: path ?? panel.path })
	const tap = make("button.wide", { press: () => [view.panel.set(null), pickControl("Tap the control that it is to move.", back)] }, "Tap it on the mixer")
	return [selectOf("Strip", options, at.path, (path) => withParams(consoles.strip(path))), params, tap]
}

/** A place in the bank has another strip when the bank scrolls, or the layer is another. */
function placeOf(choose) {
	let [strip, what] = [1, "fader"]
	const tell = () => choose(what === "main" ? { what } : { strip, what })
	tell()
	const numbers = Array.from({ length: 16 }, (_, at) => [String(at + 1), String(at + 1)])
	return [selectOf("Place in sight, from the left", numbers, "1", (now) => [(strip = Number(now)), tell()]), selectOf("Control", Object.entries(PLACES), what, (now) => [(what = now), tell()])]
}

function orderOf(orders, choose) {
	const number = make("input", { type: "number", min: 1, max: 999, value: 1, "aria-label": "Number", inputmode: "numeric" })
	const options = orderOptions(orders)
	let order = options[0][0]
	const tell = () => {
		number.hidden = !order.endsWith(" ")
		choose({ do: order.endsWith(" ") ? `${order}${number.value || 1}` : order })
	}
	number.addEventListener("input", tell)
	tell()
	return [selectOf("Action", options, order, (now) => [(order = now), tell()]), number]
}

/** "Kick · Level"; a param that no console here has goes by its path. */
export function nameOf(page, path) {
	const strip = page.consoles.strips.find((one) => path.startsWith(`${one.path}/`))
	return strip ? `${page.nameOf(strip.path)} · ${localWords(page, strip, path.slice(strip.path.length + 1))}` : `${consoleOf(path)} · ${localOf(path)}`
}

function localWords(page, strip, local) {
	const word = wordOf(page, strip, local)
	return word === local ? spokenLocal(local) : word
}
