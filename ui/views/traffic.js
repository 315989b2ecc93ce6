/** Both directions of this page's wire, newest below; meter frames are only counted. */
import { KEPT_LINES } from "../desk/traffic.js"
import { make } from "../elements/element.js"

const ARROWS = { in: "←", out: "→" }

export function trafficView({ traffic }, panel, until) {
	const list = make("ol.lines", { id: "traffic" })
	const count = make("small")
	const pause = make("button", { press: () => turn() }, "Pause")
	const clear = make("button", { press: () => list.replaceChildren() }, "Clear")
	let [asked, last] = [false, null]
	const turn = () => {
		traffic.paused = !traffic.paused
		pause.textContent = traffic.paused ? "Resume" : "Pause"
	}
	const draw = () => {
		asked = false
		const fresh = traffic.lines.slice(traffic.lines.indexOf(last) + 1)
		last = traffic.lines[traffic.lines.length - 1] ?? null
		list.append(...fresh.map(line))
		while (list.childElementCount > KEPT_LINES) list.firstChild.remove()
		if (fresh.length) list.lastChild.scrollIntoView({ block: "end" })
		count.textContent = `${traffic.meterFrames} meter frames · ${Math.round(traffic.meterBytes / 1024)} kB`
	}
	const ask = () => {
		if (!asked) requestAnimationFrame(draw)
		asked = true
	}
	until(traffic.changed.watch(ask))
	until(() => (traffic.paused = false))
	draw()
	return { title: "Traffic", body: [make("div.controls", {}, pause, clear, count), list] }
}

function line({ direction, text, at }) {
	const time = at.toISOString().slice(11, 23)
	return make("li", { "data-direction": direction }, make("time", {}, time), make("b", {}, ARROWS[direction]), make("code", {}, text))
}
