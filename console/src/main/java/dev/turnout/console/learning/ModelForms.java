package dev.turnout.console.learning;

import static j2html.TagCreator.a;
import static j2html.TagCreator.button;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.form;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.h3;
import static j2html.TagCreator.input;
import static j2html.TagCreator.label;
import static j2html.TagCreator.option;
import static j2html.TagCreator.p;
import static j2html.TagCreator.section;
import static j2html.TagCreator.select;
import static j2html.TagCreator.span;

import dev.turnout.console.page.Visitor;
import dev.turnout.console.state.ModelsSeen;
import dev.turnout.control.model.ModelVersion;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Forms to promote, stage and roll back, for administrators. */
record ModelForms(ModelsSeen models, Visitor visitor) {

  DomContent element() {
    if (!visitor.mayAdminister()) {
      return section(
              h2("Change what serves"),
              p(
                      span("Promote, stage and roll back need an administrator's key: "),
                      a("sign in").withHref("/key"),
                      span("."))
                  .withClass("lead"))
          .withClass("panel");
    }
    return section(
            h2("Change what serves"),
            div(
                    of("promote", "Promote", "Put a version in charge of all routers.", false),
                    of("stage", "Stage", "Put a version on trial beside the serving one.", true),
                    of(
                        "rollback",
                        "Roll back",
                        "Return to a version; with none chosen, end the trial or return to the"
                            + " version before.",
                        false))
                .withClass("grid"))
        .withClass("panel");
  }

  private DomContent of(String action, String title, String words, boolean share) {
    List<DomContent> fields = new ArrayList<>();
    fields.add(label("Version").withFor(action + "-version"));
    fields.add(
        select(
                option(action.equals("rollback") ? "the one before" : "choose…").withValue(""),
                each(latestFirst(), each -> option(each.version()).withValue(each.version())))
            .withId(action + "-version")
            .withName("version"));
    if (share) {
      fields.add(label("Share of the queries in %; 0 only compares").withFor("stage-percent"));
      fields.add(
          input()
              .withId("stage-percent")
              .withName("percent")
              .withType("number")
              .withMin("0")
              .withMax("99")
              .withStep("any")
              .withValue("0"));
    }
    fields.add(label("Why").withFor(action + "-reason"));
    fields.add(
        input()
            .withId(action + "-reason")
            .withName("reason")
            .withType("text")
            .attr("required")
            .withPlaceholder("recorded on the topic"));
    fields.add(
        button(title).withType("submit").withClass(action.equals("rollback") ? "danger" : ""));
    return div(
        h3(title),
        p(words).withClass("lead"),
        form()
            .with(fields)
            .withMethod("post")
            .withAction("/learning/" + action)
            .withClass("stack"));
  }

  private List<ModelVersion> latestFirst() {
    List<ModelVersion> latest = new ArrayList<>(models.versions());
    latest.removeIf(version -> !version.complete());
    Collections.reverse(latest);
    return latest;
  }
}
