/** The part of a strip that takes what height there is: the fader, or words in its place; what its dynamics take away; its meter. */
import { make } from "./element.js"

/** `assign` opens the page where a strip without an address gets one. */
export function throwOf({ page, strip, mix, roads }, fader, assign) {
	const place = fader.localName === "rm-fader" ? fader : noFader(page, strip, mix, roads, assign)
	return make("div.throw", { "data-at": "throw" }, place, reductionOf(strip), meterOf(strip, roads))
}

/** Not assigned yet, or the console has no level here. */
function noFader({ consoles }, strip, mix, { level }, assign) {
	if (consoles.address(`${strip.path}/${level}`) === "") return make("button.faderless", { press: assign }, make("span", {}, "not assigned"))
	return make("div.faderless", {}, make("span", {}, strip === mix ? "no master level" : "no fader"))
}

function reductionOf({ path, gains }) {
	return gains.includes("dyn") ? make("rm-reduction", { "data-tap": `${path}/dyn`, "aria-hidden": "true" }) : null
}

/** In a mix the level sent, where the channel has a reading after its fader. */
function meterOf(strip, roads) {
	const { path, taps = [], kind } = strip
	const sent = roads.level !== "fader"
	const shown = sent ? taps.filter((tap) => tap === "post_fader") : taps.length > 1 ? taps.filter((tap) => tap !== "input") : taps
	if (shown.length === 0) return null
	const meter = make("rm-meter", { "data-taps": shown.map((tap) => `${path}/${tap}`).join(" "), "data-fader": `${path}/${roads.level}`, clears: kind === "main" })
	return sent ? meter.send(strip, roads) : meter
}
