/** Words that panels say alike: numbers of things, and strips among those of other consoles. */
import { consoleOf } from "../desk/consoles.js"

/** "1 strip", "3 strips". */
export function counted(number, thing = "strip") {
	return `${number} ${thing}${number === 1 ? "" : "s"}`
}

/** "Kick", with several consoles "foh · Kick"; with another word for the strip that one. */
export function among(page, path, word = page.nameOf(path)) {
	return page.consoles.list.value.length > 1 ? `${consoleOf(path)} · ${word}` : word
}
