#ifndef WEIR_CYAML_SHIM_H
#define WEIR_CYAML_SHIM_H

#include <yaml.h>

// Swift does not see into C unions, so each field that is read has an accessor.

static inline const unsigned char *_Nullable weir_yaml_scalar(const yaml_node_t *_Nonnull node, size_t *_Nonnull length) {
  *length = node->data.scalar.length;
  return node->data.scalar.value;
}

static inline int weir_yaml_is_plain(const yaml_node_t *_Nonnull node) {
  return node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
}

static inline size_t weir_yaml_item_count(const yaml_node_t *_Nonnull node) {
  return (size_t)(node->data.sequence.items.top - node->data.sequence.items.start);
}

static inline int weir_yaml_item(const yaml_node_t *_Nonnull node, size_t index) {
  return node->data.sequence.items.start[index];
}

static inline size_t weir_yaml_pair_count(const yaml_node_t *_Nonnull node) {
  return (size_t)(node->data.mapping.pairs.top - node->data.mapping.pairs.start);
}

static inline int weir_yaml_key(const yaml_node_t *_Nonnull node, size_t index) {
  return node->data.mapping.pairs.start[index].key;
}

static inline int weir_yaml_value(const yaml_node_t *_Nonnull node, size_t index) {
  return node->data.mapping.pairs.start[index].value;
}

#endif
