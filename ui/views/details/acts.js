/** The row above a section's params: its switch, A and B, copy and paste. */
import { copied, fitted, sentence, valuesOf } from "../../desk/clip.js"
import { Compare } from "../../desk/compare.js"
import { Signal } from "../../desk/signal.js"
import { make, mark } from "../../elements/element.js"
import { icon } from "../../elements/icon.js"
import { toggle } from "./rows.js"
import { localsOf, PAGES, spokenLocal, wordFor } from "./table.js"

/** Pages with a copy, and the switch of those that have one and are compared. */
const SWITCHES = { EQ: "eq", Gate: "gate", Dynamics: "dyn" }
const COPIED = ["Output", "Input", "EQ", "Gate", "Dynamics", "Sends", "Groups"]
/** The copy at hand, of any strip of any console; it lasts as long as the page. */
const clip = new Signal(null)
/** By strip and section: where A and B stand. */
const compared = new Map()

/** The switch of a page's section, which this row has in place of its rows; null for none. */
export function switchOf(name) {
	return SWITCHES[name] ? `${SWITCHES[name]}/on` : null
}

/** `other` becomes the values of the setting that does not sound, for a curve behind the other; null where A and B are the same. */
export function acts(page, strip, name, locals, until, other = new Signal(null)) {
	if (!COPIED.includes(name) || locals.length === 0) return null
	const on = switchOf(name)
	const key = on && strip.has(on) && toggle(`${strip.path}/${on}`, `${wordFor(SWITCHES[name])} on`, `${wordFor(SWITCHES[name])} on`, `${wordFor(SWITCHES[name])} off`)
	const menu = make("div.copying", { hidden: true })
	const copy = make("button.tool.copy", { "aria-label": "Copy and paste", "aria-expanded": "false", press: () => open(menu.hidden) }, icon("copy"))
	const open = (shown) => {
		menu.hidden = !shown
		mark(copy, "aria-expanded", String(shown))
	}
	until(clip.watch(() => menu.replaceChildren(...menuOf(page, strip, name, locals, () => open(false)))))
	const ab = on && compare(page, strip, name, locals, until, other)
	return make("div.acts-row", {}, key || make("span"), ab, copy, menu)
}

function menuOf(page, strip, name, locals, done) {
	const row = (word, act) => make("button", { press: () => [act(), done()] }, word)
	const copy = (what, sections, whole) => {
		clip.set(copied(page, strip, sections, whole))
		page.notices.say(`${what} of ${page.nameOf(strip.path)} copied.`)
	}
	const all = Object.fromEntries(PAGES.filter((one) => COPIED.includes(one.name)).map((one) => [one.name, localsOf(strip, one)]))
	const keys = [row(`Copy ${name}`, () => copy(name, { [name]: locals })), row("Copy channel", () => copy("Channel", { ...all, Pan: ["pan"] }, true))]
	const has = clip.value
	if (has && name in has.sections) keys.push(row(`Paste ${name} of ${has.name}`, () => paste(page, strip, name, [name])))
	if (has?.whole) keys.push(row(`Paste channel of ${has.name}`, () => paste(page, strip, "Channel", Object.keys(has.sections))))
	if (has?.whole) keys.push(make("small", {}, "Fader, mute, name, gain and 48 V stay."))
	return keys
}

async function paste(page, strip, what, names) {
	const from = clip.value
	const parts = names.map((name) => fitted(page, from, name, strip))
	const left = parts.flatMap((part) => part.left)
	const values = Object.assign({}, ...parts.map((part) => part.values))
	const answer = Object.keys(values).length ? await page.history.paste(values) : { type: "ok", skipped: [] }
	if (!answer) return page.notices.inert()
	if (answer.type !== "ok") return
	const refused = answer.skipped.map(({ path, text }) => ({ local: path.slice(strip.path.length + 1), why: text }))
	page.notices.say(sentence(what, from.name, [...left, ...refused], spokenLocal))
}

/** B begins as the section stood when this page first saw it. */
function compare(page, strip, name, locals, until, other) {
	const id = `${strip.path} ${name}`
	const now = () => valuesOf(page, strip, locals)
	if (!compared.has(id)) compared.set(id, new Compare(now()))
	const both = compared.get(id)
	const keys = ["A", "B"].map((letter) => make("button", { press: () => letter !== both.at && flip(), "aria-label": `Setting ${letter}` }, letter))
	const draw = () => {
		keys.forEach((key) => mark(key, "aria-pressed", String(key.textContent === both.at)))
		const standing = now()
		const same = Object.entries(both.other).every(([path, value]) => standing[path] === value)
		other.set(same ? null : both.other)
	}
	const flip = async () => {
		const wanted = both.flip(now())
		draw()
		if (Object.keys(wanted).length === 0) return
		const answer = await page.history.paste(wanted)
		if (!answer) page.notices.inert()
		if (answer?.type !== "ok") both.flip(both.other)
		else if (answer.skipped.length) page.notices.say(answer.skipped[0].text)
		draw()
	}
	for (const local of locals) until(page.store.watch(`${strip.path}/${local}`, draw))
	draw()
	return make("div.segments.ab", { role: "group", "aria-label": "Compare" }, ...keys)
}
