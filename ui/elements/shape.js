/** The types of an equaliser's bands, drawn as what they do. */
export const SHAPES = {
	lowcut: "M3 20c4 0 4-12 9-12h9",
	lowshelf: "M3 18h5c4 0 4-10 8-10h5",
	bell: "M3 17h3c4 0 3-11 6-11s2 11 6 11h3",
	vintage: "M3 17c6 0 6-11 9-11s3 11 9 11",
	highshelf: "M21 18h-5c-4 0-4-10-8-10H3",
	highcut: "M21 20c-4 0-4-12-9-12H3",
}
const SVG = "http://www.w3.org/2000/svg"

export function shape(type) {
	const [svg, path] = [document.createElementNS(SVG, "svg"), document.createElementNS(SVG, "path")]
	svg.setAttribute("viewBox", "0 0 24 24")
	svg.setAttribute("class", "icon")
	svg.setAttribute("aria-hidden", "true")
	path.setAttribute("d", SHAPES[type])
	svg.append(path)
	return svg
}
