package dev.turnout.k8s;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Ingress;
import io.kubernetes.client.openapi.models.V1Job;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PersistentVolumeClaim;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import io.strimzi.api.kafka.model.kafka.Kafka;
import io.strimzi.api.kafka.model.nodepool.KafkaNodePool;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import io.strimzi.api.kafka.model.user.KafkaUser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads objects as their types: a field that the type does not have, or one that it must have and
 * is missing, is a problem. Kubernetes' own objects by its Java client's models, Strimzi's,
 * Prometheus' operator's and the Gateway API's by theirs, KEDA's by a schema of the fields used.
 */
final class StrictTypes {

  /** Reads an object, or tells what is wrong. */
  private interface Check {
    void check(String json) throws IOException;
  }

  /** The models of these keep unknown fields for themselves unless they are told not to. */
  private static final ObjectMapper STRICT =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .setAnnotationIntrospector(
              new JacksonAnnotationIntrospector() {
                private static final long serialVersionUID = 1;

                @Override
                public Boolean hasAnySetter(Annotated annotated) {
                  return false;
                }
              });

  private static final Map<String, Check> TYPES =
      Map.ofEntries(
          Map.entry("v1/ConfigMap", json -> V1ConfigMap.validateJsonElement(gson(json))),
          Map.entry("v1/Namespace", json -> V1Namespace.validateJsonElement(gson(json))),
          Map.entry("v1/Service", json -> V1Service.validateJsonElement(gson(json))),
          Map.entry("v1/ServiceAccount", json -> V1ServiceAccount.validateJsonElement(gson(json))),
          Map.entry(
              "v1/PersistentVolumeClaim",
              json -> V1PersistentVolumeClaim.validateJsonElement(gson(json))),
          Map.entry("apps/v1/Deployment", json -> V1Deployment.validateJsonElement(gson(json))),
          Map.entry("apps/v1/StatefulSet", json -> V1StatefulSet.validateJsonElement(gson(json))),
          Map.entry("batch/v1/Job", json -> V1Job.validateJsonElement(gson(json))),
          Map.entry(
              "policy/v1/PodDisruptionBudget",
              json -> V1PodDisruptionBudget.validateJsonElement(gson(json))),
          Map.entry(
              "autoscaling/v2/HorizontalPodAutoscaler",
              json -> V2HorizontalPodAutoscaler.validateJsonElement(gson(json))),
          Map.entry(
              "networking.k8s.io/v1/NetworkPolicy",
              json -> V1NetworkPolicy.validateJsonElement(gson(json))),
          Map.entry(
              "networking.k8s.io/v1/Ingress", json -> V1Ingress.validateJsonElement(gson(json))),
          Map.entry("gateway.networking.k8s.io/v1/HTTPRoute", jackson(HTTPRoute.class)),
          Map.entry("monitoring.coreos.com/v1/PodMonitor", jackson(PodMonitor.class)),
          Map.entry("monitoring.coreos.com/v1/PrometheusRule", jackson(PrometheusRule.class)),
          Map.entry("kafka.strimzi.io/v1/Kafka", jackson(Kafka.class)),
          Map.entry("kafka.strimzi.io/v1/KafkaNodePool", jackson(KafkaNodePool.class)),
          Map.entry("kafka.strimzi.io/v1/KafkaTopic", jackson(KafkaTopic.class)),
          Map.entry("kafka.strimzi.io/v1/KafkaUser", jackson(KafkaUser.class)),
          Map.entry("keda.sh/v1alpha1/ScaledObject", schema("keda-scaledobject.json")),
          Map.entry(
              "keda.sh/v1alpha1/TriggerAuthentication", schema("keda-triggerauthentication.json")));

  private StrictTypes() {}

  /** What is wrong with an object, if anything. */
  static Optional<String> problem(Manifest manifest) {
    Check check = TYPES.get(manifest.apiVersion() + "/" + manifest.kind());
    if (check == null) {
      return Optional.of(
          manifest.title()
              + ": nobody knows kind "
              + manifest.apiVersion()
              + "/"
              + manifest.kind());
    }
    try {
      check.check(manifest.tree().toString());
      return Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      return Optional.of(manifest.title() + ": " + e.getMessage());
    }
  }

  private static JsonElement gson(String json) {
    return JsonParser.parseString(json);
  }

  private static Check jackson(Class<?> type) {
    return json -> {
      try {
        Object unusedObject = STRICT.readValue(json, type);
      } catch (JsonProcessingException e) {
        throw new IllegalArgumentException(e.getOriginalMessage(), e);
      }
    };
  }

  private static Check schema(String file) {
    Schema schema = read(file);
    return json -> {
      List<String> problems =
          schema.validate(json, InputFormat.JSON).stream().map(Object::toString).toList();
      if (!problems.isEmpty()) {
        throw new IllegalArgumentException(String.join("; ", problems));
      }
    };
  }

  private static Schema read(String file) {
    try (InputStream in = StrictTypes.class.getResourceAsStream("/schemas/" + file)) {
      if (in == null) {
        throw new IllegalStateException("no schema " + file);
      }
      return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(new String(in.readAllBytes(), StandardCharsets.UTF_8), InputFormat.JSON);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
