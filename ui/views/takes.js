/** Takes of a console: record, the list, and virtual soundcheck, from any point, channel by channel. */
import { roomWords, sizeWords, timeWords } from "../desk/take-words.js"
import { addressOf, isRecording, setMark, turnRecording } from "../desk/takes.js"
import { make, mark, say } from "../elements/element.js"
import { icon } from "../elements/icon.js"
import { askName, twice } from "./ask.js"
import { fresh } from "./fresh.js"
import { counted } from "./words.js"

const EMPTY = "No take yet. A take has every armed channel, the mixes and main, each on a track of its own."
const WORDS = "A take plays in place of the inputs, after their gain. The mix stays; the inputs come back by Live again alone."

export function takesView(page, { console: name }, until) {
	const body = make("div.sheet.takes")
	fresh(page, name, body, until, (console, stop) => (console ? parts(page, console, stop) : [make("p.quiet", {}, "Console not available.")]))
	return { title: "Takes", body }
}

function parts(page, console, until) {
	return [record(page, console, until), soundcheck(page, console, until), list(page, console, until), choice(page, console, "arm", "Recorded channels"), choice(page, console, "take", "Channels that play the take")]
}

/** One key records and stops; a name may be typed before. */
function record(page, { name, actions }, until) {
	const box = make("input", { type: "text", maxlength: actions.get("record").params.name.length, "aria-label": "Name of the take", placeholder: "Name, else the time", autocomplete: "off", enterkeyhint: "done" })
	const [word, left] = [make("b"), make("p.quiet")]
	const key = make("button.wide.record-key", { press: () => [turnRecording(page, name, { name: box.value.trim() }), (box.value = "")] }, icon("record"), word)
	const marker = make("button.wide", { press: () => setMark(page, name) }, "Marker")
	const draw = () => {
		const on = isRecording(page, name)
		mark(key, "aria-pressed", String(on))
		say(word, on ? `Stop · ${timeWords(page.store.get(`${name}/recorder/seconds`))}` : "Record")
		box.hidden = on
		marker.hidden = !on
		say(left, `${roomWords(page.store.get(`${name}/recorder/left`))} left on the disk`)
	}
	for (const local of ["file", "seconds", "left"]) until(page.store.watch(`${name}/recorder/${local}`, draw))
	draw()
	return make("div.field", {}, box, key, marker, left)
}

/** Where the take stands: a slider leads to any point. */
function soundcheck(page, { name }, until) {
	const read = (local) => page.store.get(`${name}/soundcheck/${local}`)
	const [title, time] = [make("h3", {}, "Virtual soundcheck"), make("time")]
	const slider = make("input", { type: "range", min: 0, step: 0.1, "aria-label": "Place in the take" })
	const play = (at, loop, from = read("from"), to = read("to")) => page.act(name, "play_take", { take: read("file"), at, loop, from, to })
	slider.addEventListener("change", () => play(Number(slider.value), read("loop")))
	const loop = make("button.wide.loop-key", { press: () => play(read("position"), !read("loop"), 0, 0) }, "Repeat")
	const here = () => read("position")
	const first = make("button.wide.loop-from", { press: () => play(here(), true, here(), read("to") > here() ? read("to") : 0) }, "Repeat from here")
	const last = make("button.wide.loop-to", { press: () => play(here(), true, read("from") < here() ? read("from") : 0, here()) }, "Repeat to here")
	const part = make("div.pair", {}, first, last)
	const live = make("button.wide.live-key", { press: () => page.act(name, "live") }, "Live again")
	const field = make("div.field", {}, title, make("p.quiet", {}, WORDS), slider, time, loop, part, live)
	const draw = () => {
		const on = Boolean(read("file"))
		for (const one of [slider, time, loop, part, live]) one.hidden = !on
		mark(loop, "aria-pressed", String(Boolean(read("loop"))))
		slider.max = read("seconds") ?? 0
		if (!slider.matches(":active")) slider.value = read("position") ?? 0
		const whole = !read("loop") || (read("from") === 0 && read("to") === read("seconds"))
		say(time, [`${timeWords(read("position"))} of ${timeWords(read("seconds"))}`, whole ? "" : `repeats ${timeWords(read("from"))} to ${timeWords(read("to"))}`].filter(Boolean).join(" · "))
	}
	for (const local of ["file", "position", "seconds", "loop", "from", "to"]) until(page.store.watch(`${name}/soundcheck/${local}`, draw))
	draw()
	return field
}

function list(page, console, until) {
	const rows = make("ul.take-list")
	const read = async () => {
		const { ok, data, text } = await page.api("GET", `takes/${encodeURIComponent(console.name)}`)
		if (!ok) return rows.replaceChildren(make("li.quiet", {}, text))
		if (rows.querySelector("input:focus") && rows.children.length === data.takes.length) return null
		const open = rows.querySelector("details[open]")?.closest("li").dataset.file
		rows.replaceChildren(...data.takes.map((take) => row(page, console, take)), ...(data.takes.length ? [] : [make("li.quiet", {}, EMPTY)]))
		return rows.querySelector(`[data-file="${CSS.escape(open ?? "")}"] details`)?.setAttribute("open", "")
	}
	until(page.store.watch(`${console.name}/recorder/list`, read))
	read()
	return make("div.field", {}, make("h3", {}, "Takes"), rows)
}

function row(page, { name, actions }, take) {
	const { file, seconds, bytes, tracks, marks, problem } = take
	const play = (at) => page.act(name, "play_take", { take: file, at })
	const words = problem || [timeWords(seconds), sizeWords(bytes), counted(tracks.length, "track")].join(" · ")
	const key = make("button.play-key", { press: () => play(0), "aria-label": `Play ${take.name} in place of the inputs`, disabled: Boolean(problem) }, icon("play"), make("b", {}, take.name), make("small", {}, words))
	const places = marks.map(({ at, name: word }, n) => make("button", { press: () => play(at) }, `${timeWords(at)} ${word || `Marker ${n + 1}`}`))
	const download = make("a.wide", { href: addressOf(name, take), download: file }, "Download")
	const rename = askName("New name", "Rename", actions.get("rename_take").params.name.length, (word) => page.act(name, "rename_take", { take: file, name: word }))
	const away = twice("Delete", `Delete “${take.name}” for good?`, () => page.act(name, "delete_take", { take: file }))
	const more = make("details", {}, make("summary", { "aria-label": `More of ${take.name}` }, icon("more")), make("p.quiet", {}, tracks.join(", ")), places.length ? make("div.choices", {}, ...places) : null, download, rename, away)
	return make("li", { "data-file": file }, key, more)
}

/** A key for each channel. */
function choice(page, { strips }, local, title) {
	const channels = strips.filter((strip) => strip.has?.(local) ?? local in strip.params)
	const key = ({ path }) => make("rm-toggle.pad", { "data-path": `${path}/${local}`, on: page.nameOf(path), off: page.nameOf(path), "aria-label": `${page.nameOf(path)}: ${title.toLowerCase()}` })
	const all = (value) => () => channels.forEach(({ path }) => page.store.set(`${path}/${local}`, value))
	const both = make("div.pair", {}, make("button.wide", { press: all(true) }, "All"), make("button.wide", { press: all(false) }, "None"))
	return make("details.field", {}, make("summary", {}, title), make("div.pads", {}, ...channels.map(key)), both)
}
