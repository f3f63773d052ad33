"""What the admin's templates say in the same way as its lists."""

from django import template

from ytsynch.desk import shown
from ytsynch.staff import google

register = template.Library()

register.simple_tag(shown.when, name="when")
register.simple_tag(shown.badge, name="badge")
register.filter("bytes", shown.bytes_)
register.filter("span", shown.span)
register.simple_tag(google.is_offered, name="staff_google")
