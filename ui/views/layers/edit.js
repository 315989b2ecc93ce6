/** One layer: named, put together, shared with the sound crew, deleted. */
import { showLayer } from "../../desk/layers.js"
import { LONGEST } from "../../desk/own-layers.js"
import { make, mark } from "../../elements/element.js"
import { twice } from "../ask.js"
import { choicesOf } from "./choices.js"
import { Items } from "./items.js"

const LAYERS = { name: "layers" }

/** What was put together and not saved when its panel closed: layer's version → form, as long as the page lives. */
const drafts = new Map()

export function editor(page, layer, until) {
	const version = layer ? `${layer.id} ${layer.rev}` : "new"
	const draft = drafts.get(version)
	const begun = draft ?? layer
	const name = make("input", { type: "text", maxlength: LONGEST, placeholder: "Rhythm", "aria-label": "Layer name", autocomplete: "off", enterkeyhint: "done" })
	name.value = begun?.name ?? ""
	const items = new Items(page, begun?.items ?? [], until)
	const sharing = sharingOf(page, begun)
	const form = () => ({ name: name.value.trim(), items: items.value, ...sharing.value })
	const first = draft ? "" : JSON.stringify(form())
	let done = false
	until(() => (done || JSON.stringify(form()) === first ? drafts.delete(version) : drafts.set(version, form())))
	const close = (panel) => {
		done = true
		page.view.panel.set(panel)
	}
	const save = async () => {
		const kept = await page.layers.save({ ...form(), name: form().name || "My layer" }, layer)
		if (!kept) return
		showLayer(page, kept.id)
		close(null)
	}
	const discard = draft && make("div.behind", { role: "status" }, make("p", {}, "Not saved yet."), make("button.wide", { press: () => close({ ...page.view.panel.value }) }, "Discard changes"))
	name.addEventListener("keydown", ({ key }) => key === "Enter" && name.blur())
	const parts = [discard, make("label.field", {}, "Name", name), items.element, choicesOf(page, items, until), sharing.element, layer && drop(page, layer, close)]
	const foot = make("div.show-foot", {}, make("button.wide.white", { press: save }, "Save"))
	return { title: layer ? "Edit layer" : "New layer", body: make("div.sheet.layer-sheet", {}, ...parts.filter(Boolean)), foot }
}

/** Whether the crew has it, and whose pages have it by default. */
function sharingOf({ vocabulary }, layer) {
	let shared = layer?.shared ?? false
	const roles = new Set(layer?.roles ?? [])
	const share = make("button.wide", { press: () => [(shared = !shared), draw()] }, "Share with the sound crew")
	const words = make("p.quiet")
	const keys = Object.entries(vocabulary.value.roles).map(([role, { plural }]) => [role, make("button", { press: () => [roles.has(role) ? roles.delete(role) : roles.add(role), draw()], "data-role-key": role }, plural)])
	const whose = make("div.field", {}, "Opens by default for", make("div.choices", {}, ...keys.map(([, key]) => key)))
	const draw = () => {
		mark(share, "aria-pressed", String(shared))
		words.textContent = shared ? "The sound crew sees and changes it; guests see it." : "Only you have it."
		whose.hidden = !shared
		for (const [role, key] of keys) mark(key, "aria-pressed", String(roles.has(role)))
	}
	draw()
	return {
		element: make("div.sharing", {}, share, words, whose),
		get value() {
			return shared ? { shared, roles: [...roles] } : { shared, roles: [] }
		},
	}
}

function drop(page, layer, close) {
	return twice("Delete layer", layer.shared ? "Delete this layer for everyone? The strips stay as they are." : "Delete this layer? The strips stay as they are.", async () => {
		if (!(await page.layers.delete(layer))) return
		if (page.prefs.layer.value === layer.id) page.prefs.layer.set("all")
		close(LAYERS)
	})
}
