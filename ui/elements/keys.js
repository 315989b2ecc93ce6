/** Keys and wheel on a slider. A key holds from press to lift, a wheel until it has been still for a while. */
const FINE_DB = 0.1
const KEY_STEPS = { ArrowUp: 0.5, ArrowRight: 0.5, ArrowDown: -0.5, ArrowLeft: -0.5, PageUp: 5, PageDown: -5 }
const PERCENT_PER_DB = 2
const WHEEL_STEP_PX = 40
const WHEEL_REST_MS = 400

export function listenToKeys(slider) {
	slider.listen(slider, "keydown", (event) => key(slider, event))
	slider.listen(slider, "keyup", () => slider.rested())
	slider.listen(slider, "blur", () => slider.rested())
	const turn = wheelOf(slider)
	slider.listen(slider, "wheel", turn, { passive: false })
}

/** Wheel 1 dB, Shift 3, Ctrl 0.1. */
export function wheelStep({ shiftKey, ctrlKey }) {
	return ctrlKey ? FINE_DB : shiftKey ? 3 : 1
}

function key(slider, event) {
	if (event.target !== slider || event.altKey || event.metaKey) return
	const step = KEY_STEPS[event.key]
	if (step === undefined && event.key !== "Home" && event.key !== "End") return
	event.preventDefault()
	if ((event.key === "Home" && !slider.rest) || !slider.takeHold()) return
	if (event.key === "Home") slider.move(slider.rest)
	else if (event.key === "End") slider.move(slider.taper?.twoSided ? 1 : 0)
	else slider.nudge((event.ctrlKey ? Math.sign(step) * FINE_DB : step) * scale(slider))
}

function scale({ taper }) {
	return taper?.unitName === "dB" ? 1 : PERCENT_PER_DB
}

function wheelOf(slider) {
	let turned = 0
	let timer = null
	const rest = () => slider.rested()
	return (event) => {
		const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY)
		if (sideways && !event.shiftKey) return
		event.preventDefault()
		turned += notches(sideways ? event.deltaX : event.deltaY)
		const whole = Math.trunc(turned)
		if (whole === 0 || !slider.takeHold()) return
		turned -= whole
		slider.nudge(-whole * wheelStep(event) * scale(slider))
		clearTimeout(timer)
		timer = setTimeout(rest, WHEEL_REST_MS)
		addEventListener("keydown", rest, { capture: true, once: true }) // Ctrl+Z takes back what the wheel has moved
	}
}

/** A mouse's notch is one step whatever its px; a trackpad's small ones add up. */
export function notches(delta) {
	return Math.abs(delta) >= WHEEL_STEP_PX ? Math.sign(delta) : delta / WHEEL_STEP_PX
}
