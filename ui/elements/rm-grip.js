/**
 * A point on a plot, moved by finger, keys and wheel along `x` and `y`, and for what has no direction by `turn`: each
 * {path, param, share(position), position(share)} or null. Relative like a fader: the first move only anchors.
 */
import { DoubleTap, Drag, rounded, stepped } from "../desk/drag.js"
import { consoleOf } from "../desk/consoles.js"
import { idlePathsOf } from "../desk/reading.js"
import { mark, make, RmElement } from "./element.js"
import { secondFinger, stripOf } from "./fingers.js"
import { drawGrip } from "./grip-face.js"
import { notches, wheelStep } from "./keys.js"
import { offerTake } from "./take.js"

const SLOP_PX = { mouse: 2, other: 8 }
const REST_MS = 400
const KEYS = { ArrowRight: ["x", 1], ArrowLeft: ["x", -1], ArrowUp: ["y", 0.5], ArrowDown: ["y", -0.5], PageUp: ["turn", 4], PageDown: ["turn", -4], "+": ["turn", 4], "-": ["turn", -4] }
const WHEEL_UNITS = 2
const FINE = 0.1

export class RmGrip extends RmElement {
	#from = null
	#drags = null
	#double = new DoubleTap()
	#resting = null

	lay(what) {
		return Object.assign(this, what)
	}

	connectedCallback() {
		this.axes = [this.x, this.y, this.turn].filter(Boolean)
		const { low, high } = this.axes[0].param.taper
		for (const [name, value] of Object.entries({ role: "slider", tabindex: 0, "aria-valuemin": low, "aria-valuemax": high, "aria-label": this.name, "aria-roledescription": "point on a curve", "aria-keyshortcuts": this.turn && "PageUp PageDown" })) mark(this, name, value)
		this.replaceChildren(make("b", {}, this.word))
		this.listen(this, "pointerdown", (event) => this.#down(event))
		this.listen(this, "pointermove", (event) => event.pointerId === this.#from?.id && this.#move(event))
		for (const type of ["pointerup", "pointercancel", "lostpointercapture"]) this.listen(this, type, (event) => event.pointerId === this.#from?.id && this.#lift(event))
		this.listen(this, "contextmenu", (event) => event.preventDefault())
		this.listen(this, "keydown", (event) => this.#key(event))
		for (const type of ["keyup", "blur"]) this.listen(this, type, () => this.rested())
		this.drawFor([`${consoleOf(this.axes[0].path)}/status`, ...this.axes.flatMap(({ path }) => [path, ...idlePathsOf(path)])])
	}

	disconnectedCallback() {
		this.#lose()
		super.disconnectedCallback()
	}

	/** Where an axis stands, in its unit. */
	unit(which) {
		return this[which].param.taper.unit(this.positionOf(this[which]))
	}

	/** Turns what has no direction to a value in its unit, and holds it until `rested`. */
	turnTo(unit) {
		if (this.#hold([this.turn])) this.page.store.set(this.turn.path, rounded(this.turn.param.taper.position(unit), this.turn.param.steps))
	}

	rested() {
		if (!this.#from) this.#lose()
	}

	wheel(event) {
		this.nudge("turn", -notches(event.deltaY) * wheelStep(event) * WHEEL_UNITS)
		clearTimeout(this.#resting)
		this.#resting = setTimeout(() => this.rested(), REST_MS)
	}

	nudge(which, units) {
		const axis = this[which]
		if (!axis || !this.#hold([axis])) return
		const [{ taper, steps }, from] = [axis.param, this.positionOf(axis)]
		this.page.store.set(axis.path, rounded(stepped(from, taper.step(from, units), steps), steps))
	}

	draw() {
		drawGrip(this)
	}

	positionOf({ path }) {
		return this.page.store.get(path) ?? 0
	}

	#hold(axes) {
		const { store, notices, people } = this.page
		for (const { path } of axes) {
			if (store.touched(path) || store.touch(path, () => this.#lose())) continue
			const by = store.live(path) && store.holder(path)
			this.#lose()
			if (by) offerTake(this, people.mark(by), () => store.take(path))
			else notices.inert(path)
			return false
		}
		return true
	}

	#lose() {
		this.#from = this.#drags = null
		for (const { path } of this.axes) this.page.store.release(path)
	}

	#down(event) {
		if (event.button !== 0 || this.#from || event.target.closest("button") || !this.#hold([this.x, this.y].filter(Boolean))) return
		this.#from = { id: event.pointerId, x: event.clientX, y: event.clientY, at: event.timeStamp, slop: SLOP_PX[event.pointerType] ?? SLOP_PX.other }
		this.setPointerCapture(event.pointerId)
	}

	#move({ clientX, clientY, ctrlKey, pointerId }) {
		const { x, y, slop } = this.#from
		if (!this.#drags && Math.hypot(clientX - x, clientY - y) < slop) return
		this.#drags ??= this.#start({ clientX, clientY })
		const fine = ctrlKey || secondFinger(stripOf(this), pointerId)
		for (const { axis, drag, along } of this.#drags) {
			const share = drag.move(along({ clientX, clientY }), 0, fine)
			if (share !== null) this.page.store.set(axis.path, rounded(axis.position(share), axis.param.steps))
		}
	}

	#start(at) {
		const axes = [[this.x, this.plot.width, ({ clientX }) => clientX], [this.y, this.plot.height, ({ clientY }) => -clientY]]
		return axes.filter(([axis]) => axis).map(([axis, travel, along]) => {
			const drag = new Drag({ position: axis.share(this.positionOf(axis)), travel, lock: 0 })
			drag.move(along(at), 0)
			return { axis, drag, along }
		})
	}

	/** Two taps reset a band: gain to 0 dB, gliding, and Q to its first value; the frequency stays where there is a gain. */
	#lift({ type, timeStamp }) {
		const tap = type === "pointerup" && !this.#drags
		const double = tap && this.#double.tapped(this.#from.at, timeStamp)
		if (!tap) this.#double.forget()
		this.#lose()
		if (double && this.reset) this.reset()
	}

	#key(event) {
		if (event.altKey || event.metaKey) return
		const [which, units] = KEYS[event.key] ?? []
		if (!this[which]) return
		event.preventDefault()
		this.nudge(which, units * (event.ctrlKey ? FINE : 1))
	}
}
