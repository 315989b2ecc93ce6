/** Hands an invitation to the page that prints it: within this browser's own tab storage, never in an address. */
export const HANDED = "remote-mixer.card"
const CARD = "card.html"

/** `{url, mix, role, once, ends}`, url with its secret. The new tab gets a copy of this tab's storage, and here it is let go. */
export function openCard(invitation) {
	sessionStorage.setItem(HANDED, JSON.stringify(invitation))
	// The program's own window has no tabs.
	if (!window.pywebview && open(CARD)) return sessionStorage.removeItem(HANDED)
	location.assign(CARD)
}
