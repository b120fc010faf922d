/* The API's documentation, drawn from openapi.json by the bundle that comes with django-ninja. */
const place = document.getElementById("swagger-ui");
window.SwaggerUIBundle({
  ...JSON.parse(place.dataset.settings),
  domNode: place,
  presets: [window.SwaggerUIBundle.presets.apis],
  requestInterceptor: (request) => {
    request.headers["X-CSRFToken"] = place.dataset.csrf;
    return request;
  },
});
