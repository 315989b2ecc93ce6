/** Show files: scenes as readable JSON in a stable order, in the form of remote_mixer/desk/show.py. */
import { Taper } from "./taper.js"

const FORM = "remote-mixer-show"
const VERSION = 1
export const MOST_BYTES = 100_000_000
const MOST_SCENES = 1000
const LONGEST_PATH = 200
const FIELDS = ["name", "number", "color", "note", "fade", "scope", "laws"]

const UNCHANGED = "Nothing was changed."
const TOO_LARGE = `The file is larger than 100 MB: a show is far smaller. ${UNCHANGED}`
const FOREIGN = `This is no show file of Remote Mixer. ${UNCHANGED}`

/** The text of a file; `scenes` have their `values` and `laws`, and `reading(path, value, law)` gives a value's text for people. */
export function written(scenes, reading) {
	const forms = scenes.map((scene) => {
		const lawOf = lawsOf(scene.laws ?? [])
		const shown = Object.keys(scene.values).sort().map((path) => [path, { value: scene.values[path], text: reading(path, scene.values[path], lawOf(path)) }])
		return { ...pick(scene), values: Object.fromEntries(shown) }
	})
	return `${JSON.stringify({ [FORM]: VERSION, scenes: forms }, null, 1)}\n`
}

/** The scenes of a file, looked at whole: `{scenes}`, each with its fields and values, or `{fault}` with a sentence. */
export function read(text, bytes = text.length) {
	if (bytes > MOST_BYTES) return { fault: TOO_LARGE }
	const whole = parsed(text)
	const version = whole?.[FORM]
	if (typeof version !== "number" || version < VERSION || !Array.isArray(whole.scenes)) return { fault: FOREIGN }
	if (version > VERSION) return { fault: `A newer Remote Mixer wrote this show file (version ${version}): update this one. ${UNCHANGED}` }
	if (whole.scenes.length > MOST_SCENES) return { fault: `The file has more than ${MOST_SCENES} scenes. ${UNCHANGED}` }
	const faults = whole.scenes.map(faultOf)
	const at = faults.findIndex(Boolean)
	if (at >= 0) return { fault: `Scene ${at + 1} of the file is damaged (${faults[at]}). ${UNCHANGED}` }
	return { scenes: whole.scenes.map((form) => ({ ...pick(form), values: plain(form.values) })) }
}

/** "Summer tour" as a file's name. */
export function fileName(title) {
	return `${title.replace(/[^\p{L}\p{N}]+/gu, " ").trim() || "show"}.json`
}

/** The law of a path among those that a scene keeps, as remote_mixer/desk/laws.py has them; undefined for none. */
function lawsOf(laws) {
	const byPath = new Map(laws.flatMap((law) => law.of.map((path) => [path, new Taper(law)])))
	return (path) => byPath.get(path) ?? byPath.get(path.replace(/\d+/g, "*"))
}

function parsed(text) {
	try {
		return JSON.parse(text)
	} catch {
		return null
	}
}

function pick(form) {
	return Object.fromEntries(FIELDS.filter((name) => name in form).map((name) => [name, form[name]]))
}

/** A value of `{value, text}`, or a plain one that a person wrote. */
function valueOf(shown) {
	return isObject(shown) ? shown.value : shown
}

function plain(values) {
	return Object.fromEntries(Object.entries(values).map(([path, shown]) => [path, valueOf(shown)]))
}

function faultOf(form) {
	if (!isObject(form) || !isObject(form.values)) return "it has no values"
	const strange = Object.entries(form.values).find(([path, shown]) => path.length > LONGEST_PATH || !isValue(valueOf(shown)))
	return strange ? `${strange[0].slice(0, LONGEST_PATH)} has no value` : ""
}

function isValue(value) {
	return value === null || ["string", "boolean"].includes(typeof value) || Number.isFinite(value)
}

function isObject(form) {
	return typeof form === "object" && form !== null && !Array.isArray(form)
}
