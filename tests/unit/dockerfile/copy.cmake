# COPY, ADD, contexts and what they leave out.
dockwright_test(NAME build_copy_test SOME_NEED_ROOT LABELS unit LIBRARIES chapter12 SOURCES
  add_test.cpp context_test.cpp copy_rights_test.cpp copy_room.cpp copy_test.cpp ignore_test.cpp
  ../layers/archives.cpp ../layers/layer_room.cpp ../layers/sealed.cpp)
dockwright_test(NAME build_remote_test SOME_NEED_ROOT LABELS unit LIBRARIES chapter12 http_server SOURCES
  copy_room.cpp remote_test.cpp ../layers/archives.cpp ../layers/layer_room.cpp ../layers/sealed.cpp)
add_dependencies(build_remote_test registry-client)
