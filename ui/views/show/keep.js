/** The form of a scene: saved anew from where everything stands now, or changed. */
import { titleOf } from "../../desk/setlist.js"
import { make, mark } from "../../elements/element.js"
import { twice } from "../ask.js"
import { download } from "./files.js"
import { among } from "../words.js"

const LONGEST = { name: 60, note: 400 }
const MOST_NUMBER = 9999
const LONGEST_FADE_S = 60
const TOUCHES = "All values are kept. A recall sets what is ticked; gain, 48 V and names only where Input and Names are."

export function keepView(page, panel) {
	const { show, view, vocabulary } = page
	const scene = show.find(panel.scene)
	const { sections } = vocabulary.value
	const known = scene ?? { name: "", number: nextNumber(show.list.value), color: "grey", note: "", fade: 0, scope: { sections: sections.usual, strips: null } }
	const [name, number, note, fade] = [
		box("Name", known.name, { maxlength: LONGEST.name, placeholder: `Scene ${known.number}` }),
		box("Number in the list", known.number, { type: "number", min: 0, max: MOST_NUMBER, inputmode: "numeric" }),
		box("Note", known.note, { maxlength: LONGEST.note }),
		box("Fade in seconds", known.fade, { type: "number", min: 0, max: LONGEST_FADE_S, step: "any", inputmode: "decimal" }),
	]
	const color = chosen(vocabulary.value.colors.map((one) => [one, ""]), [known.color], "swatches", "Colour", true)
	const consoles = chosen(page.consoles.list.value.map(({ name: one, title }) => [one, title]), page.consoles.list.value.map((one) => one.name), "choices", "Consoles")
	const touched = chosen(Object.entries(sections.names), known.scope.sections, "choices", "A recall sets")
	const strips = chosen(page.consoles.strips.map((strip) => [strip.path, among(page, strip.path)]), known.scope.strips ?? page.consoles.strips.map(({ path }) => path), "choices", "Strips")
	const absent = (known.scope.strips ?? []).filter((path) => !page.consoles.strip(path)) // of a console that is not here now
	const fields = () => ({
		...(name.input.value.trim() && { name: name.input.value.trim() }),
		number: Number(number.input.value),
		note: note.input.value.trim(),
		fade: Number(fade.input.value),
		color: color.values()[0],
		scope: { consoles: scene?.scope.consoles ?? null, strips: strips.all() && !absent.length ? null : [...strips.values(), ...absent], sections: touched.values() },
	})
	const done = (answer) => answer && view.panel.set(panel.from ?? null)
	const said = ({ unknown }) => unknown?.length && page.notices.say(`${unknown.length} values are not known now, so the scene does not keep them.`)
	const save = async () => {
		const answer = scene ? await show.ask("update", { scene: scene.id, ...fields() }) : await show.ask("store", { ...fields(), consoles: consoles.all() ? null : consoles.values() })
		if (done(answer) !== null && answer) said(answer)
	}
	const remove = scene && twice("Delete", `“${titleOf(scene)}” goes into the bin, for 30 days.`, async () => done(await show.ask("delete", { scene: scene.id })))
	const file = scene && make("button.wide", { press: () => download(page, [scene], titleOf(scene)) }, "Download this scene")
	const renew = scene?.kind === "scene" && make("button.wide", { press: () => view.panel.set({ name: "scene", scene: scene.id, update: true, from: panel.from }) }, "Update to how it is now")
	const whichStrips = make("details", {}, make("summary", {}, "Only some strips"), strips.element)
	const several = !scene && page.consoles.list.value.length > 1
	const key = make("button.wide.white", { press: save }, scene ? "Save" : "Save scene")
	const body = make("div.keep", {}, name.element, make("div.two", {}, number.element, fade.element), color.element, note.element, several && consoles.element, touched.element, make("p.quiet", {}, TOUCHES), whichStrips, renew, file, remove)
	return { title: scene ? `Edit ${titleOf(scene)}` : "Save scene", body, foot: make("div.show-foot", {}, key) }
}

function nextNumber({ scenes }) {
	return Math.max(0, ...scenes.map(({ number }) => number)) + 1
}

function box(label, value, attributes) {
	const input = make("input", { type: "text", autocomplete: "off", enterkeyhint: "done", ...attributes })
	input.value = value
	input.addEventListener("keydown", ({ key }) => key === "Enter" && input.blur())
	return { input, element: make("label.field", {}, label, input) }
}

/** Keys of which some are pressed, or just `one`: `values()` are those, `all()` whether none is left out. */
export function chosen(options, pressed, kind, label, one = false) {
	const keys = options.map(([value, word]) => make("button", { "data-value": value, "aria-pressed": String(pressed.includes(value)), ...(word ? {} : { "data-color": value, "aria-label": value }) }, word))
	if (one) for (const key of keys) key.classList.add("swatch")
	const isOn = (key) => key.getAttribute("aria-pressed") === "true"
	for (const key of keys) {
		key.addEventListener("click", () => {
			if (one) for (const other of keys) mark(other, "aria-pressed", String(other === key))
			else mark(key, "aria-pressed", String(!isOn(key)))
		})
	}
	const values = () => keys.filter(isOn).map((key) => key.dataset.value)
	return { values, all: () => keys.every(isOn), element: make("div.field", { role: "group", "aria-label": label }, label, make(`div.${kind}`, {}, ...keys)) }
}
