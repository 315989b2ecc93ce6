import { onPress } from "./fingers.js"

/** The base of every rm-* element: what it binds while it stands on the page, it lets go on leaving. */
export class RmElement extends HTMLElement {
	/** The page's parts that need no document, and its animation loop: both set by `defineElements`. */
	static page
	static loop
	#undo = []
	#others = []

	get page() {
		return RmElement.page
	}

	get loop() {
		return RmElement.loop
	}

	/** Name for screen readers. */
	set label(words) {
		mark(this, "aria-label", words)
	}

	bind(path, draw) {
		this.#undo.push(this.page.store.watch(path, draw))
	}

	/** Draws now, and after each change of one of these paths. */
	drawFor(paths) {
		for (const path of paths) this.#undo.push(this.page.store.watch(path, () => this.draw(), true))
		this.draw()
	}

	follow(signal, seen) {
		this.#undo.push(signal.watch(seen))
	}

	/** Watches other paths than before: the last call's watches end, and all end on leaving. */
	rebind(paths, draw) {
		for (const stop of this.#others.splice(0)) stop()
		this.#others = paths.map((path) => this.page.store.watch(path, (value) => draw(value, path)))
	}

	until(stop) {
		this.#undo.push(stop)
	}

	listen(target, type, act, options) {
		target.addEventListener(type, act, options)
		this.#undo.push(() => target.removeEventListener(type, act, options))
	}

	disconnectedCallback() {
		for (const stop of [...this.#undo.splice(0), ...this.#others.splice(0)]) stop()
	}
}

/** `make("button.name", { press: act }, "text", child)`; strings become text, never markup. */
export function make(what, attributes = {}, ...children) {
	const [tag, ...classes] = what.split(".")
	const element = document.createElement(tag)
	if (classes.length) element.className = classes.join(" ")
	if (tag === "button") element.type = "button"
	for (const [name, value] of Object.entries(attributes)) give(element, name, value)
	element.append(...children.filter((child) => child !== null && child !== undefined && child !== false))
	return element
}

function give(element, name, value) {
	if (name === "press") onPress(element, value)
	else if (value === true) element.toggleAttribute(name, true)
	else if (value !== false && value !== null && value !== undefined && element.getAttribute(name) !== String(value)) element.setAttribute(name, value)
}

/** Sets an attribute only when it differs: an unchanged one must not wake the style engine. */
export function mark(element, name, value) {
	if (value === null || value === undefined || value === false) {
		if (element.hasAttribute(name)) element.removeAttribute(name)
	} else give(element, name, value)
}

/** Sets an element's words in the text that it has: another text would be a new part of the page at each step of a drag. */
export function say(element, words) {
	const { firstChild: text } = element
	if (text?.nodeType !== Node.TEXT_NODE) element.textContent = words
	else if (text.data !== words) text.data = words
}

const sized = new WeakMap()
const observer = new ResizeObserver((entries) => {
	for (const { target, contentRect } of entries) sized.get(target)?.(contentRect)
})

/** Calls `seen` with an element's size when it changes, so that no drag reads the layout. */
export function measure(element, seen) {
	sized.set(element, seen)
	observer.observe(element)
	return () => observer.unobserve(element)
}

/** Lets an element wear a strip's colour and its name; returns the way to stop. */
export function wear({ store, consoles }, { path, label }, element, title) {
	const draw = (color) => mark(element, "data-color", consoles.colorOf(path, color))
	const stops = [store.watch(`${path}/color`, draw)]
	draw(store.get(`${path}/color`))
	if (title) stops.push(store.watch(`${path}/name`, (name) => (title.textContent = name || label)))
	return () => stops.forEach((stop) => stop())
}
