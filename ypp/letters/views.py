"""The page behind the link at the end of a letter."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from ypp.letters import unsubscribing


# mail programs post to it by themselves, without our cookies (RFC 8058); the link itself is the proof
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Shows a button; only pressing it does something, for what fetches links to look at them must change
    nothing.
    """
    done = ""
    try:
        if request.method != "POST":
            unsubscribing.check(token)
        elif "subscribe" in request.POST:
            unsubscribing.subscribe(token)
            done = "subscribed"
        else:
            unsubscribing.unsubscribe(token)
            done = "unsubscribed"
    except unsubscribing.WrongLink:
        return render(request, "letters/unsubscribe.html", {"done": "wrong_link"}, status=404)
    return render(request, "letters/unsubscribe.html", {"done": done})
