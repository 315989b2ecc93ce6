/** A control for any param, by its kind: a position is a lying fader, a toggle a key, a choice a chooser, the rest words. */
import { idleOf, idlePathsOf } from "../../desk/reading.js"
import { make } from "../../elements/element.js"
import { groupsOf, inOrder, wordFor, wordOn } from "./table.js"

const CONTROLS = {
	position: dial,
	choice: (page, path, word) => make("div.pick", {}, make("span", {}, word), make("rm-chooser", { "data-path": path, "data-label": word, drawn: path.endsWith("/type") })),
	number: reading,
	text: reading,
}

/** The rows of some locals of a strip, a heading before those that belong together; its `on` stands in the heading. */
export function rows(page, strip, locals, until) {
	return [...groupsOf(locals)].map(([name, members]) => group(page, strip, name, members, until))
}

function group(page, strip, name, members, until) {
	const on = `${name}/on`
	const heading = name && make("h3", {}, make("span", {}, wordFor(name)), members.includes(on) && toggle(`${strip.path}/${on}`, `${wordFor(name)} on`, `${wordFor(name)} on`, `${wordFor(name)} off`))
	return make("section.group", {}, heading || null, ...controls(page, strip, members.filter((local) => local !== on), until), reasons(page, strip, members, until))
}

/** Why some of these controls act on nothing now: "Gain, 48 V: USB plays". */
export function reasons(page, strip, locals, until) {
	const words = make("p.idle")
	const draw = () => {
		const why = new Map()
		for (const local of locals) {
			const reason = idleOf(page, `${strip.path}/${local}`)
			if (reason) why.set(reason, [...(why.get(reason) ?? []), local])
		}
		words.textContent = [...why].map(([reason, members]) => `${members.map((local) => wordOn(strip, local)).join(", ")}: ${reason}`).join(" · ")
		words.hidden = why.size === 0
	}
	for (const path of new Set(locals.flatMap((local) => idlePathsOf(`${strip.path}/${local}`)))) until(page.store.watch(path, draw))
	draw()
	return words
}

/** The controls of some locals, without a heading. */
export function controls(page, strip, locals, until) {
	const kindOf = (local) => page.consoles.param(`${strip.path}/${local}`).kind
	const keys = locals.filter((local) => kindOf(local) === "toggle")
	const others = inOrder(locals).filter((local) => CONTROLS[kindOf(local)])
	const row = keys.length ? make("div.pads", {}, ...keys.map((local) => toggle(`${strip.path}/${local}`, wordOn(strip, local)))) : null
	return [...others.map((local) => CONTROLS[kindOf(local)](page, `${strip.path}/${local}`, wordOn(strip, local), until)), row].filter(Boolean)
}

export function toggle(path, word, label = word, off = word) {
	return make("rm-toggle.pad", { "data-path": path, on: word, off, "aria-label": label })
}

/** A name, a lying fader, its value in its unit. */
export function dial(page, path, word) {
	const param = page.consoles.param(path)
	const fader = make("rm-fader", { "data-path": path, sideways: true, "aria-label": word })
	if (!param.taper?.offAtZero) fader.style.setProperty("--rest", param.taper?.rest ?? 0)
	return make("div.dial", {}, make("span", {}, word), fader, make("rm-readout", { "data-path": path, unit: true }))
}

function reading({ store, consoles }, path, word, until) {
	const [value, { unit = "" }] = [make("b"), consoles.param(path)]
	until(store.watch(path, (now) => (value.textContent = `${now ?? "—"} ${unit}`.trim())))
	return make("div.dial", {}, make("span", {}, word), value)
}
