/** The join screen: name and PIN, or name and invitation. */
import { plainDigits } from "../desk/join.js"
import { make } from "../elements/element.js"
import { keepBehind } from "./lock.js"

const LONGEST_NAME = 32
const PIN_DIGITS = 6
const EACH_SECOND = 1000
const ABOUT = "Enter your name and the PIN. Ask the sound crew for the PIN."
const ABOUT_INVITED = "You are invited, no PIN needed. Enter your name for the sound crew."

/** Puts the screen over the page while it is outside; the page behind it is inert. */
export function showJoining(page) {
	let screen = null
	page.join.outside.watch((outside) => {
		const typed = screen?.querySelector("[name=name]").value
		screen?.remove()
		screen = outside && screenOf(page, outside, typed)
		if (screen) document.documentElement.append(screen)
		keepBehind()
		if (!screen) return
		page.view.panel.set(null)
		screen.querySelector("[data-first]").focus()
	})
}

function screenOf(page, { invitation, words, me }, typed = page.prefs.name.value) {
	const name = field("Your name", { name: "name", maxlength: LONGEST_NAME, autocomplete: "nickname", autocapitalize: "words", enterkeyhint: invitation ? "go" : "next" })
	const pin = invitation ? null : pinField()
	name.box.value = typed
	const key = make("button.go", { type: "submit" }, "Join")
	const trouble = make("p.trouble", { role: "alert" }, words)
	const form = make("form", { novalidate: true }, name.label, pin?.label, trouble, key, me && stayKey(page, me))
	const first = !name.box.value ? name.box : (pin?.box ?? key)
	first.toggleAttribute("data-first", true)
	submits(page, form, { name: name.box, pin: pin?.box, key, trouble })
	const badge = make("img", { src: "icons/icon.svg", alt: "", width: 56, height: 56 })
	const heading = make("h1", { id: "joining" }, greeting(invitation))
	return make("main.joining", { "aria-labelledby": "joining" }, make("div", {}, badge, heading, make("p", {}, invitation ? ABOUT_INVITED : ABOUT), form))
}

function greeting(invitation) {
	if (!invitation) return "Join the mixer"
	return invitation.to ? `Your mix: ${invitation.to}` : "Welcome to the mixer"
}

function field(word, attributes) {
	const box = make("input", { type: "text", required: true, ...attributes })
	return { box, label: make("label", {}, word, box) }
}

/** One box for all digits; what else is typed or pasted with them falls away. */
function pinField() {
	const pin = field("PIN, 6 digits", { name: "pin", inputmode: "numeric", autocomplete: "one-time-code", enterkeyhint: "go", placeholder: "······" })
	pin.box.classList.add("pin")
	pin.box.addEventListener("input", () => {
		const digits = plainDigits(pin.box.value).slice(0, PIN_DIGITS)
		if (pin.box.value !== digits) pin.box.value = digits
	})
	return pin
}

function stayKey({ join }, { name }) {
	return make("button.wide", { press: () => join.stay() }, name ? `Continue as ${name}` : "Continue")
}

function submits({ join }, form, { name, pin, key, trouble }) {
	const word = key.textContent
	const refuse = (text, box) => {
		trouble.textContent = text
		box?.focus()
		box?.select()
	}
	form.addEventListener("submit", async (event) => {
		event.preventDefault()
		if (key.disabled) return
		if (!name.value.trim()) return refuse("Enter your name.", name)
		if (pin && pin.value.length < PIN_DIGITS) return refuse("The PIN has 6 digits.", pin)
		Object.assign(key, { disabled: true, textContent: "Joining…" })
		trouble.textContent = ""
		const { ok, text, wait, data } = await join.enter(name.value.trim(), pin?.value)
		if (ok) return
		refuse(text, pin)
		if (data?.code === "tries" && !form.querySelector(".wide.asks")) key.after(waitKey(join, name, trouble))
		if (data?.code === "no-cookies") trouble.append(" ", make("a", { href: "why" }, "What was checked"))
		await rest(key, wait)
		Object.assign(key, { disabled: false, textContent: word })
	})
}

/** A way in that no guesses of other devices keep waiting: the host's own tap. */
function waitKey(join, name, trouble) {
	const ask = async () => {
		key.disabled = true
		const { ok, text } = await join.wait(name.value.trim(), (words) => (trouble.textContent = words))
		if (ok) return
		trouble.textContent = text
		key.disabled = false
	}
	const key = make("button.wide.asks", { type: "button", press: ask }, "Ask the host to let me in")
	return key
}

/** The key counts down for as long as trying again is of no use. */
async function rest(key, seconds) {
	for (let left = Math.ceil(seconds); left > 0 && key.isConnected; left -= 1) {
		key.textContent = `Wait ${left} s`
		await new Promise((done) => setTimeout(done, EACH_SECOND))
	}
}
