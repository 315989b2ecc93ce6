/** Our own line icons, 24 × 24, drawn with the current colour. */
const LINES = {
	back: "M14.5 5 8 12l6.5 7",
	down: "m7 10 5 5 5-5",
	up: "m7 14 5-5 5 5",
	next: "M9.5 5 16 12l-6.5 7",
	show: "M4.5 6h15M4.5 11h8M4.5 16h8M15.5 11.5v7l5-3.5z",
	check: "m5.5 12.5 4.5 4.5 8.5-10",
	close: "m6.5 6.5 11 11m0-11-11 11",
	messages: "M4.5 5.5h15v10.5h-8L7 19.5V16H4.5z",
	people: "M9 11.5a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4zM3.5 19c.4-3.2 2.6-5 5.5-5s5.1 1.8 5.5 5M16 5.6a3 3 0 0 1 0 5.6M17 14.4c2 .5 3.2 2.1 3.5 4.6",
	join: "M4.5 4.5h6v6h-6zM13.5 4.5h6v6h-6zM4.5 13.5h6v6h-6zM13.5 13.5h2.5v2.5h-2.5zM19.5 13.5v3M16.5 19.5h3v-1",
	settings: "M4 7h9m5 0h2M4 12h2m5 0h9M4 17h9m5 0h2M15.5 5v4M8.5 10v4M15.5 15v4",
	layers: "m12 4.5 8 4.2-8 4.2-8-4.2zM4 13l8 4.2 8-4.2",
	grip: "M5 9h14M5 15h14",
	groups: "M6 4.5v15M12 4.5v15M18 4.5v15M4 9h4M10 14h4M16 11h4M3 21.5h18",
	cycle: "M7 17.5A7 7 0 0 1 7 6.5h6.5M11 3.5l3 3-3 3M17 6.5a7 7 0 0 1 0 11h-6.5M13 20.5l-3-3 3-3",
	help: "M9.2 9.2a2.9 2.9 0 1 1 4.4 2.6c-1 .6-1.6 1.2-1.6 2.4M12 17.7v.1M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z",
	copy: "M8.5 8.5h11v11h-11zM15.5 8.5v-4h-11v11h4",
	find: "M10.5 16.5a6 6 0 1 0 0-12 6 6 0 0 0 0 12zM15 15l5 5",
	history: "M12 5a7 7 0 1 1-6.6 4.7M5 5v4.8h4.8M12 8.5V12l2.8 1.8",
	lock: "M6.5 11h11v8.5h-11zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
	traffic: "M8 5v14m0 0-3.5-3.5M8 19l3.5-3.5M16 19V5m0 0-3.5 3.5M16 5l3.5 3.5",
	console: "M4.5 5.5h15v13h-15zM8.5 9v6M12 9v6M15.5 9v6M7.3 11h2.4M10.8 13.5h2.4M14.3 10.5h2.4",
	scenes: "M4.5 6.5h15M4.5 12h9M4.5 17.5h15M17 9.5l3 2.5-3 2.5z",
	keys: "M4.5 8h15v8h-15zM9.5 8v8M14.5 8v8",
	mutes: "M4.5 10v4h3.5l4.5 4V6L8 10zM16 9.5l4.5 5m0-5-4.5 5",
	plus: "M12 5.5v13M5.5 12h13",
	me: "M12 11.5a3.6 3.6 0 1 0 0-7.2 3.6 3.6 0 0 0 0 7.2zM5 20c.6-3.8 3.4-6 7-6s6.4 2.2 7 6",
	undo: "M8.5 5 4.5 9l4 4M5 9h8.5a5.5 5.5 0 0 1 0 11H9",
	requests: "M5.5 17h13l-1.6-2.4V10a4.9 4.9 0 0 0-9.8 0v4.6zM10 20h4",
	doctor: "M6.5 4.5h8l3 3v12h-11zM9 10h6M9 13h6M9 16h3.5",
	surfaces: "M4.5 4.5h15v15h-15zM8.5 8v8M12 8v8M15.5 8v8M7.2 13h2.6M10.7 10h2.6M14.2 14h2.6",
	announced: "M4.5 11.5 12 5l7.5 6.5M6.5 10v9h11v-9M10 19v-5h4v5",
	wall: "M5 19.5v-7M9.7 19.5v-12M14.3 19.5V11M19 19.5v-15",
	warn: "M12 4.5 20.5 19h-17zM12 10v4.5M12 16.6v.1",
	send: "M12 19V6m0 0-5 5m5-5 5 5",
}
const SHAPES = { play: "M8 5.5v13l10.5-6.5z", pause: "M7 6h3.4v12H7zM13.6 6H17v12h-3.4z", finish: "M5 6v12l9-6zM15.5 6h2.5v12h-2.5z", stop: "M7 7h10v10H7z", start: "M6 6h2.2v12H6zM18.5 6v12L9.5 12z", record: "M12 6a6 6 0 1 0 0 12 6 6 0 0 0 0-12z", rewind: "M12 6v12L3.5 12zM20.5 6v12L12 12z", forward: "M12 6v12l8.5-6zM3.5 6v12L12 12z", more: "M5 10.3a1.7 1.7 0 1 0 0 3.4 1.7 1.7 0 0 0 0-3.4zM12 10.3a1.7 1.7 0 1 0 0 3.4 1.7 1.7 0 0 0 0-3.4zM19 10.3a1.7 1.7 0 1 0 0 3.4 1.7 1.7 0 0 0 0-3.4z" }
/** The types of an equaliser's bands, drawn as their curves. */
export const BANDS = {
	lowcut: "M3 20c4 0 4-12 9-12h9",
	lowshelf: "M3 18h5c4 0 4-10 8-10h5",
	bell: "M3 17h3c4 0 3-11 6-11s2 11 6 11h3",
	vintage: "M3 17c6 0 6-11 9-11s3 11 9 11",
	highshelf: "M21 18h-5c-4 0-4-10-8-10H3",
	highcut: "M21 20c-4 0-4-12-9-12H3",
}
const SVG = "http://www.w3.org/2000/svg"

export function icon(name) {
	const svg = document.createElementNS(SVG, "svg")
	const path = document.createElementNS(SVG, "path")
	svg.setAttribute("viewBox", "0 0 24 24")
	svg.setAttribute("class", SHAPES[name] ? "icon solid" : "icon")
	svg.setAttribute("aria-hidden", "true")
	path.setAttribute("d", LINES[name] ?? SHAPES[name] ?? BANDS[name])
	svg.append(path)
	return svg
}
