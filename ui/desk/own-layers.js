/** Layers of this page's person and those that the sound crew shares, as the server keeps them. */
import { Signal } from "./signal.js"

/** Most characters of a layer's name and of a separator's title. */
export const LONGEST = 24

export class OwnLayers {
	/** `[{id, name, shared, roles, rev, items}]`, one's own first; an item is a strip's path or `{separator: title}`. */
	list = new Signal([])
	/** The chosen layer's `{id, layer}`, null where it is none of these: a new value only where that has changed. */
	chosen
	/** Whether the server's list is here. */
	isKnown = false
	/** Runs what shifts things on the page once no finger is down; the views give theirs. */
	calm = (act) => act()
	#page
	#newest = []

	constructor(page) {
		this.#page = page
		this.chosen = new Signal(this.#choice)
		for (const signal of [this.list, page.prefs.layer]) signal.watch(() => this.#choose())
	}

	/** The server's list. The first one comes before anybody has a hand on the page; later ones wait for the fingers. */
	take(layers) {
		this.#newest = layers
		if (this.isKnown) return this.calm(() => this.list.set(this.#newest))
		this.isKnown = true
		this.list.set(layers)
		this.#openFirst()
		this.#bringAlong()
	}

	find(id) {
		return this.list.value.find((layer) => layer.id === id)
	}

	/** Keeps a layer's form on the server: a new one, or changes of `layer`. Resolves to the layer, or null after a notice. */
	async save(form, layer = null) {
		const { api, notices } = this.#page
		const { ok, data, text } = layer ? await api("PUT", `layers/${layer.id}`, { ...form, rev: layer.rev }) : await api("POST", "layers", form)
		if (!ok) return notices.say(text) ?? null
		this.#set([...this.list.value.filter(({ id }) => id !== data.id), data])
		return data
	}

	/** Resolves to whether the layer is gone. */
	async delete({ id }) {
		const { api, notices } = this.#page
		const { ok, text } = await api("DELETE", `layers/${id}`)
		if (ok) this.#set(this.list.value.filter((layer) => layer.id !== id))
		else notices.say(text)
		return ok
	}

	/** What this page has done itself shows at once; the server's own list follows. */
	#set(layers) {
		this.#newest = layers
		this.list.set(layers)
	}

	get #choice() {
		const id = this.#page.prefs.layer.value
		return { id, layer: this.find(id) ?? null }
	}

	#choose() {
		if (JSON.stringify(this.#choice) !== JSON.stringify(this.chosen.value)) this.chosen.set(this.#choice)
	}

	/** A page whose role has a layer by default opens with it, the first time that it has one. */
	#openFirst() {
		const { prefs, mine } = this.#page
		const first = this.list.value.find(({ roles }) => roles.includes(mine.role))
		if (!first || prefs.given.value === first.id) return
		prefs.given.set(first.id)
		if (prefs.layer.value === "all") prefs.layer.set(first.id)
	}

	/** Layers that this device alone had until the server kept them: those that it takes leave the device. */
	async #bringAlong() {
		const { prefs, people, device } = this.#page
		if (!people.isCrew) return
		for (const { id, name, strips } of prefs.layers.value) {
			const kept = await this.save({ name: this.#freeName(name, device), items: strips })
			if (!kept) return
			prefs.layers.set(prefs.layers.value.filter((layer) => layer.id !== id))
			if (prefs.layer.value === id) prefs.layer.set(kept.id)
		}
	}

	/** The name, or another one where this person has that already, as from another device. */
	#freeName(name, device) {
		const taken = this.list.value.filter(({ shared }) => !shared).map((layer) => layer.name.toLowerCase())
		const names = [name, `${name} (${device})`.slice(0, LONGEST), ...Array.from({ length: LONGEST }, (_, at) => `${name.slice(0, LONGEST - 3)} ${at + 2}`)]
		return names.find((one) => !taken.includes(one.toLowerCase())) ?? name
	}
}

/** The paths of the strips among items. */
export function stripsOf(items) {
	return items.filter((item) => typeof item === "string")
}
