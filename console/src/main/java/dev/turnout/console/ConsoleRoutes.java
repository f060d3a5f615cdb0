package dev.turnout.console;

import static j2html.TagCreator.a;
import static j2html.TagCreator.button;
import static j2html.TagCreator.div;
import static j2html.TagCreator.form;
import static j2html.TagCreator.input;
import static j2html.TagCreator.label;
import static j2html.TagCreator.p;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.turnout.console.door.ConsoleDoor;
import dev.turnout.console.door.RefusedVisitException;
import dev.turnout.console.live.LiveFeed;
import dev.turnout.console.page.Page;
import dev.turnout.console.page.PageAction;
import dev.turnout.console.page.PageLayout;
import dev.turnout.console.page.PageRequest;
import dev.turnout.console.state.ConsoleState;
import dev.turnout.topic.LogText;
import io.javalin.Javalin;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import j2html.tags.DomContent;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which request is answered by what. */
final class ConsoleRoutes {
  private static final Logger LOG = LoggerFactory.getLogger(ConsoleRoutes.class);
  private static final String NOTICE = "notice";
  private static final int SEE_OTHER = 303;

  private final List<Page> pages;
  private final PageLayout layout;
  private final ConsoleDoor door;
  private final LiveFeed feed;
  private final ConsoleState state;
  private final Clock clock;

  /** What was done, for the page that is shown next; by a number, so that no link can claim it. */
  private final Cache<String, String> notices =
      Caffeine.newBuilder().maximumSize(200).expireAfterWrite(Duration.ofMinutes(5)).build();

  ConsoleRoutes(
      List<Page> pages,
      PageLayout layout,
      ConsoleDoor door,
      LiveFeed feed,
      ConsoleState state,
      Clock clock) {
    this.pages = List.copyOf(pages);
    this.layout = layout;
    this.door = door;
    this.feed = feed;
    this.state = state;
    this.clock = clock;
  }

  void addTo(Javalin server, ConsoleAssets assets) {
    server.before(door::enter);
    server.get("/assets/{digest}/{name}", assets::serve);
    server.get("/", context -> context.redirect(pages.get(0).path()));
    for (Page page : pages) {
      server.get(page.path(), context -> show(context, page));
      server.get(page.path() + "/updates", context -> follow(context, page));
      page.actions()
          .forEach(
              (name, action) ->
                  server.post(page.path() + "/" + name, context -> act(context, page, action)));
    }
    server.get("/key", this::askForKey);
    server.post("/key", this::signIn);
    server.post("/key/out", this::signOut);
    server.exception(RefusedVisitException.class, (refused, context) -> refuse(context, refused));
    server.exception(
        HttpResponseException.class,
        (error, context) ->
            refuse(context, new RefusedVisitException(error.getStatus(), words(error))));
    server.exception(Exception.class, this::fail);
  }

  private static String words(HttpResponseException error) {
    return switch (error.getStatus()) {
      case 404 -> "There is no such page.";
      case 405 -> "This page does not take that.";
      default -> String.valueOf(error.getMessage());
    };
  }

  private PageRequest request(Context context, Map<String, List<String>> given) {
    Map<String, String> values = new HashMap<>();
    given.forEach(
        (name, all) -> {
          if (!all.isEmpty()) {
            values.put(name, all.get(0));
          }
        });
    return new PageRequest(values, door.visitorOf(context), state, clock.instant());
  }

  private void show(Context context, Page page) {
    door.requireReader(context);
    PageRequest request = request(context, context.queryParamMap());
    String notice = request.value(NOTICE).map(number -> notices.asMap().remove(number)).orElse("");
    String query = context.queryString();
    String updates =
        page.live(request).isEmpty()
            ? ""
            : page.path() + "/updates" + (query == null ? "" : "?" + query);
    html(
        context,
        new PageLayout.Shown(page.path(), page.title(), updates, notice, page.content(request)));
  }

  private void follow(Context context, Page page) {
    door.requireReader(context);
    PageRequest first = request(context, context.queryParamMap());
    feed.follow(
        context,
        page,
        () -> new PageRequest(first.values(), first.visitor(), state, clock.instant()));
  }

  private void act(Context context, Page page, PageAction action) throws InterruptedException {
    door.requireReader(context);
    door.requireRight(context, action);
    PageRequest request = request(context, context.formParamMap());
    String done;
    try {
      done = action.work().run(request);
    } catch (IllegalArgumentException wrong) {
      throw new RefusedVisitException(400, String.valueOf(wrong.getMessage()));
    }
    LOG.atInfo()
        .setMessage("done by the console")
        .addKeyValue("key", LogText.of(request.visitor().key().orElse("")))
        .addKeyValue("done", LogText.of(done))
        .log();
    String number = UUID.randomUUID().toString();
    notices.put(number, done);
    context.header("Location", page.path() + "?" + NOTICE + "=" + number).status(SEE_OTHER);
  }

  private void askForKey(Context context) {
    html(context, new PageLayout.Shown("", "Sign in", "", "", keyForm()));
  }

  private static DomContent keyForm() {
    return div(
            p(
                "Looking needs no key on this machine. Whoever changes what serves, or asks LLMs from"
                    + " here, needs one of the gateway's keys that may."),
            form(
                    label("Key").withFor("secret"),
                    input()
                        .withId("secret")
                        .withName("secret")
                        .withType("password")
                        .attr("autocomplete", "current-password")
                        .attr("required"),
                    button("Sign in").withType("submit"))
                .withMethod("post")
                .withAction("/key")
                .withClass("stack"))
        .withClass("panel narrow");
  }

  private void signIn(Context context) {
    door.signIn(context, request(context, context.formParamMap()).value("secret").orElse(""));
    context.header("Location", "/").status(SEE_OTHER);
  }

  private void signOut(Context context) {
    door.signOut(context);
    context.header("Location", "/").status(SEE_OTHER);
  }

  private void refuse(Context context, RefusedVisitException refused) {
    DomContent content =
        refused.status() == 401 ? keyForm() : p(a("Back to the first page").withHref("/"));
    html(
        context.status(refused.status()),
        new PageLayout.Shown(
            "",
            refused.status() == 401 ? "A key is needed" : "Not done",
            "",
            String.valueOf(refused.getMessage()),
            content));
  }

  private void fail(Exception failure, Context context) {
    LOG.atError()
        .setMessage("page failed")
        .addKeyValue("path", LogText.of(context.path()))
        .setCause(failure)
        .log();
    refuse(
        context,
        new RefusedVisitException(500, "The page could not be made; the console's log says why."));
  }

  private void html(Context context, PageLayout.Shown shown) {
    context.html(layout.document(shown, door.visitorOf(context)));
  }
}
