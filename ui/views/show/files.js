/** Show files: download of one scene or of the whole show; files that are chosen or dragged in. */
import { valueText } from "../../desk/history.js"
import { titleOf } from "../../desk/setlist.js"
import { fileName, MOST_BYTES, read, written } from "../../desk/showfile.js"
import { make } from "../../elements/element.js"
import { counted } from "../words.js"

/** Kinds of what is left out of a console's file that are named. */
const FIRST_KINDS = 3
/** A console's own scene or snippet. */
const CONSOLE_FILE = /\.(scn|snp)$/i

/** Downloads scenes, given by their heads, as one file. */
export async function download(page, heads, title) {
	const scenes = []
	for (const { id } of heads) {
		const { ok, data, text } = await page.api("GET", `scenes/${id}`)
		if (!ok) return page.notices.say(text, "error")
		scenes.push(data)
	}
	const file = new Blob([written(scenes, (path, value, law) => valueText(page, path, value, law))], { type: "application/json" })
	const link = make("a", { href: URL.createObjectURL(file), download: fileName(title) })
	link.click()
	setTimeout(() => URL.revokeObjectURL(link.href))
}

/** The keys of the list's foot; files may also be dragged onto `area`. */
export function fileKeys(page, area) {
	const { show } = page
	const picker = make("input", { type: "file", accept: ".json,.scn,.snp,application/json", hidden: true, multiple: true, "aria-label": "Show file" })
	const load = async (files) => {
		for (const file of files) await upload(page, file)
		picker.value = ""
	}
	picker.addEventListener("change", () => load([...picker.files]))
	area.addEventListener("dragover", (event) => event.preventDefault())
	area.addEventListener("drop", (event) => {
		event.preventDefault()
		load([...event.dataTransfer.files])
	})
	const save = make("button.wide", { press: () => download(page, show.list.value.scenes, page.server.value?.name ?? "show") }, "Download the show")
	// A file picker opens on a real click alone, not on a pointer that lifts.
	const choose = make("button.wide", {}, "Load a file")
	choose.addEventListener("click", () => picker.click())
	return make("div.pair.files-keys", {}, save, choose, picker)
}

/** Adds the scenes of a file, once the server would take them all; one that it refuses then takes out those before it. */
async function upload(page, file) {
	const { notices, show, api } = page
	const fits = file.size <= MOST_BYTES
	if (fits && CONSOLE_FILE.test(file.name)) return uploadConsoleFile(page, file)
	const { fault, scenes } = read(fits ? await file.text() : "", file.size)
	if (fault) return notices.say(`${file.name}: ${fault}`, "error")
	const added = []
	for (const to of ["scenes/check", "scenes"]) {
		for (const scene of scenes) {
			const { ok, data, text } = await api("POST", to, { ...scene, of: scenes.length })
			if (!ok) {
				for (const id of added) await show.ask("delete", { scene: id })
				return notices.say(`${file.name}, “${titleOf({ number: 0, ...scene })}”: ${text} No scene was added.`, "error")
			}
			if (data.scene) added.push(data.scene.id)
		}
	}
	notices.say(`${counted(added.length, "scene")} came from ${file.name}.`)
}

/** Adds the scene in a console's own file, and says what of it the mixer does not know. */
async function uploadConsoleFile({ notices, api }, file) {
	const { ok, data, text } = await api("POST", "scenes/file", { text: await file.text() })
	if (!ok) return notices.say(`${file.name}: ${text}`, "error")
	const { scene, left } = data
	const kinds = left.slice(0, FIRST_KINDS).map(({ kind, count }) => `${count} × ${kind}`)
	const rest = left.length ? ` Left out: ${kinds.join(", ")}${left.length > FIRST_KINDS ? ` and ${left.length - FIRST_KINDS} other kinds` : ""}.` : ""
	notices.say(`“${scene.name}” came from ${file.name}, ${scene.count} values.${rest}`)
}
