/** The row of a layer as it is put together: strips and separators, each brought to its place by its handle. */
import { consoleOf } from "../../desk/consoles.js"
import { LONGEST } from "../../desk/own-layers.js"
import { make, mark, wear } from "../../elements/element.js"
import { icon } from "../../elements/icon.js"
import { reorderRows } from "../../elements/reorder.js"

const GRIP = ".grip"

/** Its list on the page is what will be kept. */
export class Items {
	#page
	#until
	#list = make("ol.layer-items")
	#empty = make("p.quiet", {}, "Tap strips below, in the order that you want them.")
	#changed = []

	constructor(page, items, until) {
		this.#page = page
		this.#until = until
		for (const item of items) this.#list.append(this.#row(item))
		reorderRows(this.#list, GRIP, () => this.#tell())
		const separator = make("button.wide", { press: () => this.#add({ separator: "" }) }, "Add separator")
		this.element = make("div.field", {}, "Row", this.#empty, this.#list, separator)
		this.#tell()
	}

	get value() {
		return [...this.#list.children].map((row) => (row.dataset.item ? row.dataset.item : { separator: row.querySelector("input").value.trim() }))
	}

	/** Calls `seen` now and after each change. */
	watch(seen) {
		this.#changed.push(seen)
		seen()
	}

	has(path) {
		return this.#rowOf(path) !== undefined
	}

	/** Puts a strip at the end of the row, or takes it out. */
	toggle(path) {
		const row = this.#rowOf(path)
		if (row) this.#remove(row)
		else this.#add(path)
	}

	#rowOf(path) {
		return [...this.#list.children].find((row) => row.dataset.item === path)
	}

	#add(item) {
		this.#list.append(this.#row(item))
		this.#list.lastElementChild.scrollIntoView({ block: "nearest" })
		this.#tell()
	}

	#remove(row) {
		const beside = row.nextElementSibling ?? row.previousElementSibling
		if (row.contains(document.activeElement)) beside?.querySelector(GRIP).focus()
		row.remove()
		this.#tell()
	}

	#row(item) {
		const row = typeof item === "string" ? this.#stripRow(item) : this.#separatorRow(item)
		row.prepend(make("button.grip", { "data-move": "" }, icon("grip")))
		row.append(make("button.tool", { press: () => this.#remove(row), "data-remove": "" }, icon("close")))
		return row
	}

	#stripRow(path) {
		const { consoles, store } = this.#page
		const [title, words] = [make("b"), make("small")]
		const row = make("li", { "data-item": path }, title, words)
		const draw = () => {
			const strip = consoles.strip(path)
			title.textContent = store.get(`${path}/name`) || strip?.label || path
			words.textContent = strip ? [consoleOf(path), strip.label].join(" · ") : "not here now"
			mark(row, "data-missing", !strip)
			this.#label(row)
		}
		this.#until(store.watch(`${path}/name`, draw, true))
		this.#until(consoles.list.watch(draw))
		this.#until(wear(this.#page, { path, label: path }, row))
		return row
	}

	#separatorRow({ separator }) {
		const box = make("input", { type: "text", maxlength: LONGEST, placeholder: "Separator", "aria-label": "Separator's title", autocomplete: "off", enterkeyhint: "done" })
		box.value = separator
		return make("li", {}, box)
	}

	#label(row) {
		const name = row.querySelector("b")?.textContent ?? "Separator"
		const at = [...this.#list.children].indexOf(row) + 1
		for (const [key, words] of [["[data-move]", `Move ${name}, place ${at} of ${this.#list.childElementCount}: arrow keys`], ["[data-remove]", `Take ${name} out`]]) {
			const button = row.querySelector(key)
			if (button) mark(button, "aria-label", words)
		}
	}

	#tell() {
		for (const row of this.#list.children) this.#label(row)
		this.#empty.hidden = this.#list.childElementCount > 0
		for (const seen of this.#changed) seen()
	}
}
