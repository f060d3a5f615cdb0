package dev.turnout.local.registry;

import java.util.List;

/**
 * A schema as it is registered: two that agree in text and references have one id.
 *
 * @param text JSON, in one form for equal schemas
 * @param references where the types stand that the text leaves out, in its order
 */
record SchemaText(String text, List<SchemaReference> references) {

  SchemaText {
    references = List.copyOf(references);
  }
}
