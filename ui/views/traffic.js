/** Both directions of this page's wire, newest below; meter frames are only counted. */
import { make } from "../elements/element.js"
import { onPress } from "../elements/fingers.js"

const ARROWS = { in: "←", out: "→" }

export function trafficView({ traffic, link }, panel, until) {
	const list = make("ol.lines", { id: "traffic" })
	const count = make("small")
	const pause = make("button", {}, "Pause")
	const clear = make("button", { press: () => traffic.clear() }, "Clear")
	let asked = false
	const draw = () => {
		asked = false
		list.replaceChildren(...traffic.lines.map(line))
		count.textContent = `${traffic.meterFrames} meter frames · ${Math.round(traffic.meterBytes / 1024)} kB`
		if (!traffic.paused) list.lastElementChild?.scrollIntoView({ block: "end" })
	}
	traffic.onchange = () => {
		if (!asked) requestAnimationFrame(draw)
		asked = true
	}
	onPress(pause, () => {
		traffic.paused = !traffic.paused
		pause.textContent = traffic.paused ? "Go on" : "Pause"
	})
	until(() => {
		traffic.onchange = () => {}
		traffic.paused = false
	})
	draw()
	return { title: "Traffic", body: [make("div.controls", {}, pause, clear, count), list], foot: buildSend(link) }
}

function line({ direction, text, at }) {
	const time = at.toISOString().slice(11, 23)
	return make("li", { "data-direction": direction }, make("time", {}, time), make("b", {}, ARROWS[direction]), make("code", {}, text))
}

/** Anything a person types goes out as it is: a frame, or plain text to hear the echo. */
function buildSend(link) {
	const box = make("input", { type: "text", "aria-label": "Text to send", placeholder: '{"type":"ping","t":1}', autocomplete: "off" })
	const form = make("form.say", {}, box, make("button", { type: "submit" }, "Send"))
	form.addEventListener("submit", (event) => {
		event.preventDefault()
		if (box.value) link.sendText(box.value)
		box.value = ""
	})
	return form
}
