/** A meter's colours, drawn once per length, scale and palette, and copied from there ever after. */
const PALETTES = {
	classic: { low: "#2f9e63", from18: "#d6c33f", from6: "#f09b3a", clip: "#ff4d4f" },
	clear: { low: "#3f7fd6", from18: "#7fa8d8", from6: "#f0b13a", clip: "#fff0c8" },
}
const BANDS = [[-18, "from18"], [-6, "from6"], [-0.1, "clip"]]
const kept = new Map()

/** A bar one px thick and `long` px long, lying or standing as the meter does. */
export function litBar(meter, long) {
	const sideways = meter.hasAttribute("sideways")
	const palette = meter.page.prefs.palette.value
	const law = sideways ? "iec" : JSON.stringify(meter.taper?.points ?? "iec")
	const key = [palette, sideways, long, law].join()
	if (!kept.has(key)) kept.set(key, paint(meter, long, sideways, PALETTES[palette] ?? PALETTES.classic))
	return kept.get(key)
}

function paint(meter, long, sideways, colours) {
	const canvas = document.createElement("canvas")
	canvas.width = sideways ? long : 1
	canvas.height = sideways ? 1 : long
	const pen = canvas.getContext("2d")
	const fill = (from, to, colour) => {
		pen.fillStyle = colour
		if (sideways) pen.fillRect(from, 0, to - from, 1)
		else pen.fillRect(0, long - to, 1, to - from)
	}
	fill(0, long, colours.low)
	for (const [db, name] of BANDS) fill(Math.round(meter.share(db) * long), long, colours[name])
	return canvas
}
