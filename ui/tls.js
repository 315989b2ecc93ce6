/** Asks this device whether it trusts the mixer's https, and shows the steps for it first. */
import { deviceName } from "./desk/people.js"

const PATIENCE_MS = 8000
const SYSTEMS = [["ios", /iPhone|iPad/], ["android", /Android/], ["windows", /Windows/], ["mac", /Mac/], ["linux", /./]]
const test = document.getElementById("test")
let about = { on: true, secure: "", title: "", fingerprint: "" }

function show(result) {
	test.dataset.result = result
	for (const words of test.querySelectorAll("[data-for]")) words.toggleAttribute("data-shown", words.dataset.for === result)
	document.getElementById("again").hidden = result === "testing" || result === "off"
}

async function ask() {
	show("testing")
	try {
		about = await (await fetch("/tls/about", { cache: "no-store" })).json()
	} catch {
		return show("lost")
	}
	fill()
	if (!about.secure) return show(about.on ? "elsewhere" : "off")
	const result = location.protocol === "https:" ? await askForWorker() : await askForPicture()
	show(result === "strange" && !about.title ? "given" : result)
}

/** No browser says why a picture does not come; one that does not come at all met a firewall. */
function askForPicture() {
	return new Promise((tell) => {
		const picture = new Image()
		picture.onload = () => tell("trusted")
		picture.onerror = () => tell("strange")
		setTimeout(() => tell("silent"), PATIENCE_MS)
		picture.src = `${about.secure}/tls/ok.svg?${Date.now()}`
	})
}

/** Here by https already, perhaps past a warning: a browser takes a worker from who it trusts, warning or not. */
async function askForWorker() {
	if (!navigator.serviceWorker) return "strange"
	return navigator.serviceWorker.register("/sw.js").then(() => "trusted", () => "strange")
}

function fill() {
	for (const place of document.querySelectorAll("[data-fill]")) place.textContent = about[place.dataset.fill]
	for (const link of document.querySelectorAll("[data-to]")) link.href = about.secure + link.dataset.to
	document.getElementById("steps").hidden = !about.title
}

/** The steps for this device stand first, unfolded. */
function putOursFirst() {
	const name = deviceName(navigator.userAgent, navigator.maxTouchPoints)
	const [system] = SYSTEMS.find(([, pattern]) => pattern.test(name))
	const ours = document.querySelector(`[data-system="${system}"]`)
	document.querySelector("[data-system]").before(ours)
	ours.open = true
}

const light = matchMedia("(prefers-color-scheme: light)")
const theme = () => (document.documentElement.dataset.theme = light.matches ? "light" : "dark")
light.addEventListener("change", theme)
theme()
putOursFirst()
document.getElementById("again").addEventListener("click", ask)
document.addEventListener("visibilitychange", () => !document.hidden && test.dataset.result !== "trusted" && ask())
ask()
