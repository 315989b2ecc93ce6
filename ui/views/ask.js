/** Small forms that ask for one thing: a word, or a second tap. */
import { make } from "../elements/element.js"

/** A key that asks once more before it does what others will notice. */
export function twice(word, question, act) {
	const key = make("button.wide", { press: () => show(sure) }, word)
	const yes = make("button.wide.away", { press: () => [show(key), act()] }, word)
	const no = make("button.wide", { press: () => show(key) }, "Cancel")
	const sure = make("div.sure", { role: "alert" }, make("p", {}, question), yes, no)
	const place = make("div.twice", {}, key)
	const show = (one) => {
		place.replaceChildren(one)
		place.querySelector("button:last-child, button").focus()
	}
	return place
}

/** A box and its key; `act` gets the trimmed word, and the box is emptied. */
export function askName(label, key, length, act) {
	const box = make("input", { type: "text", maxlength: length, "aria-label": label, placeholder: label, autocomplete: "off", enterkeyhint: "done" })
	const form = make("form.rename", {}, box, make("button", { type: "submit" }, key))
	form.addEventListener("submit", (event) => {
		event.preventDefault()
		const word = box.value.trim()
		if (!word) return box.focus()
		box.value = ""
		box.blur()
		act(word)
	})
	return form
}
