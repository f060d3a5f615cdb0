package dev.turnout.app.command.apply;

import dev.turnout.app.console.CommandFailure;
import dev.turnout.config.ConfigProblem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** All that documents declare, and nothing that is wrong. */
record Declarations(
    List<LlmDeclaration> llms,
    List<TenantDeclaration> tenants,
    List<KeyDeclaration> keys,
    List<ModelDeclaration> models) {
  private static final List<String> KINDS =
      List.of(
          LlmDeclaration.KIND, TenantDeclaration.KIND, KeyDeclaration.KIND, ModelDeclaration.KIND);

  Declarations {
    llms = List.copyOf(llms);
    tenants = List.copyOf(tenants);
    keys = List.copyOf(keys);
    models = List.copyOf(models);
  }

  /**
   * Reads documents.
   *
   * @param environment where secrets may be
   * @throws CommandFailure with all that is wrong in any of them
   */
  static Declarations read(List<Declaration> documents, Map<String, String> environment) {
    List<LlmDeclaration> llms = new ArrayList<>();
    List<TenantDeclaration> tenants = new ArrayList<>();
    List<KeyDeclaration> keys = new ArrayList<>();
    List<ModelDeclaration> models = new ArrayList<>();
    Map<String, Declaration> names = new HashMap<>();
    for (Declaration document : documents) {
      String kind = document.required(Declaration.KIND);
      switch (kind) {
        case LlmDeclaration.KIND -> {
          llms.add(LlmDeclaration.read(document));
          requireOnce(document, kind, "id", names);
        }
        case TenantDeclaration.KIND -> {
          tenants.add(TenantDeclaration.read(document));
          requireOnce(document, kind, "tenant", names);
        }
        case KeyDeclaration.KIND -> {
          keys.add(KeyDeclaration.read(document, environment));
          requireOnce(document, kind, "id", names);
        }
        case ModelDeclaration.KIND -> {
          ModelDeclaration model = ModelDeclaration.read(document);
          models.add(model);
          requireOnce(document, kind, "file", names);
          if (model.stage() != ModelDeclaration.Stage.UPLOADED) {
            requireOnce(document, kind, "stage", names);
          }
        }
        default -> document.refuse(Declaration.KIND, "must be one of " + KINDS + ", not " + kind);
      }
    }
    List<ConfigProblem> problems =
        documents.stream().flatMap(document -> document.problems().stream()).toList();
    if (!problems.isEmpty()) {
      throw new CommandFailure(
          problems.stream().map(ConfigProblem::toString).collect(Collectors.joining("; "))
              + (problems.size() == 1 ? "" : " (" + problems.size() + " problems)")
              + "; nothing is changed");
    }
    return new Declarations(llms, tenants, keys, models);
  }

  private static void requireOnce(
      Declaration document, String kind, String field, Map<String, Declaration> names) {
    String name = document.shown(field);
    Declaration other = names.putIfAbsent(kind + " " + field + " " + name, document);
    if (other != null) {
      document.refuse(
          field, name + " stands at " + other.place() + " already; keep one of the two");
    }
  }
}
